import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { typedSql } from './call.ts'
import type { SqlContext } from './context.ts'
import { needAlike } from './decimals.ts'
import type { Sql } from './dialect.ts'

export function caseSql({ branches, otherwise }: Extract<Node, { kind: 'case' }>, context: SqlContext): Sql {
  needAlike([...branches.map(({ value }) => value), ...(otherwise ? [otherwise] : [])], 'caseWhen()', context)
  const choices = branches.map(({ when, value }) => sql` when ${context.condition(when)} then ${typedSql(value, context)}`)
  return sql`case${sql.join(choices, sql``)}${otherwise ? sql` else ${typedSql(otherwise, context)}` : sql``} end`
}
