import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Source } from '../expressions/source.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
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

/** The rows of a relation for one row of its owner. */
export function relatedRows(owner: From, target: From, { relation }: Source, context: SqlContext): RelatedRows {
  if (!relation) throw new InvalidQueryError('Related rows belong to a relation.')
  const { junction } = relation
  if (!junction) {
    const on = matching(owner, target, relation)
    return { from: () => target.toSql(), on, joined: () => sql` inner join ${target.toSql()} on ${on}` }
  }
  const alias = context.alias()
  const between = sql`${sql.table(junction.table)} as ${sql.id(alias)}`
  const pairs = (columns: readonly string[], rows: From, keys: RelationMeta['local']): Sql =>
    sql.join(
      columns.map((column, index) => sql`${sql.id(alias, column)} = ${rows.column(keys[index] ?? { column })}`),
      sql` and `,
    )
  const far = (): Sql => sql` inner join ${target.toSql()} on ${pairs(junction.targetColumns, target, relation.foreign)}`
  const on = pairs(junction.ownerColumns, owner, relation.local)
  return { from: () => sql`${between}${far()}`, on, joined: () => sql` inner join ${between} on ${on}${far()}` }
}
