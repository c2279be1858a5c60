import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { From } from './from.ts'
import { relatedRows } from './related-rows.ts'

/** A row of a to-many relation for which the condition holds. Always EXISTS: a join would repeat the outer row. */
export function anySql({ source, where }: Extract<Node, { kind: 'any' }>, context: SqlContext): Sql {
  const { parent, relation } = source
  if (!parent || !relation) throw new InvalidQueryError('any() belongs to a relation.')
  const owner = context.rows(parent)
  const target = new From(relation.target, context.alias())
  const { from, on } = relatedRows(owner, target, source, context)
  return context.during(source, target, () => {
    const condition = where ? sql` and ${context.condition(where)}` : sql``
    return sql`exists (select 1 from ${from()} where ${on}${condition})`
  })
}
