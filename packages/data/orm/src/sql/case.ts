import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { typeOfNode } from '../expressions/type-of-node.ts'
import { typedSql } from './call.ts'
import type { SqlContext } from './context.ts'
import { needAlike } from './decimals.ts'
import type { Sql } from './dialect.ts'
import { asText, differ } from './enum-types.ts'

export function caseSql({ branches, otherwise }: Extract<Node, { kind: 'case' }>, context: SqlContext): Sql {
  const values = [...branches.map(({ value }) => value), ...(otherwise ? [otherwise] : [])]
  needAlike(values, 'caseWhen()', context)
  const isText = differ(values.map(typeOfNode), context)
  const valueSql = (value: Node): Sql => {
    const written = typedSql(value, context)
    return isText ? asText(written, typeOfNode(value), context) : written
  }
  const choices = branches.map(({ when, value }) => sql` when ${context.condition(when)} then ${valueSql(value)}`)
  return sql`case${sql.join(choices, sql``)}${otherwise ? sql` else ${valueSql(otherwise)}` : sql``} end`
}
