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
    const on = sql.join([matching(owner, target, relation), ...keptRows(target)], sql` and `)
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
  const mark = junction.meta?.duty('deletedAt')
  const kept = [...keptRows(target), ...(mark ? [sql`${sql.id(alias, mark.column)} is null`] : [])]
  const on = sql.join([pairs(junction.ownerColumns, (index) => owner.column(relation.local[index] ?? { column: '' })), ...kept], sql` and `)
  return { from: () => sql`${between}${far()}`, on, joined: () => sql` inner join ${between} on ${on}${far()}` }
}

/** Rows that were softly deleted are no related rows. */
function keptRows(target: From): readonly Sql[] {
  const mark = target.meta.duty('deletedAt')
  return mark ? [sql`${target.column(mark)} is null`] : []
}
