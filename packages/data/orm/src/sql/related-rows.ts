import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Source } from '../expressions/source.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { type From, matching } from './from.ts'

export interface RelatedRows {
  /** What stands behind FROM. */
  readonly from: () => Sql
  /** The condition that they belong to the owner's row. */
  readonly on: Sql
  /** The same as joins behind the owner's table. */
  readonly joined: () => Sql
}

/**
 * The rows of a relation for one row of its owner. Of a junction that is nothing else the target's table is left out as
 * long as only its key is asked for, which the junction has: what is asked for has to be known before `from` and `joined`.
 */
export function relatedRows(owner: From, target: From, { relation }: Source, context: SqlContext): RelatedRows {
  if (!relation) throw new InvalidQueryError('Related rows belong to a relation.')
  const { junction } = relation
  if (!junction) {
    const on = matching(owner, target, relation)
    return { from: () => target.toSql(), on, joined: () => sql` inner join ${target.toSql()} on ${on}` }
  }
  const alias = context.alias()
  const between = sql`${sql.table(junction.table)} as ${sql.id(alias)}`
  const isPlain = junction.meta === undefined
  for (const [index, column] of relation.foreign.entries())
    if (isPlain) target.standsAt(column, sql.id(alias, junction.targetColumns[index] ?? ''))
  const pairs = (columns: readonly string[], column: (index: number) => Sql): Sql =>
    sql.join(
      columns.map((name, index) => sql`${sql.id(alias, name)} = ${column(index)}`),
      sql` and `,
    )
  const far = (): Sql => {
    if (isPlain && !target.isRead) return sql``
    return sql` inner join ${target.toSql()} on ${pairs(junction.targetColumns, (index) => target.named(relation.foreign[index]?.column ?? ''))}`
  }
  const on = pairs(junction.ownerColumns, (index) => owner.column(relation.local[index] ?? { column: '' }))
  return { from: () => sql`${between}${far()}`, on, joined: () => sql` inner join ${between} on ${on}${far()}` }
}
