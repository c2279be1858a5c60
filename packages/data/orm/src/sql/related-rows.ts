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
 * @param kept which of the target's rows count, by default those that queries of its model give
 */
export function relatedRows(owner: From, target: From, { relation }: Source, context: SqlContext, kept: KeptRows = keptRows): RelatedRows {
  if (!relation) throw new InvalidQueryError('Related rows belong to a relation.')
  const { junction } = relation
  if (!junction) {
    const on = sql.join([matching(owner, target, relation), ...kept(target, context)], sql` and `)
    return { from: () => target.toSql(), on, joined: () => sql` inner join ${target.toJoinedSql()} on ${on}` }
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
  const mark = junction.meta?.duty('deletedAt')
  const near = [
    pairs(junction.ownerColumns, (index) => owner.column(relation.local[index] ?? { column: '' })),
    ...(mark ? [sql`${sql.id(alias, mark.column)} is null`] : []),
  ]
  const far = kept(target, context)
  const isAlone = (): boolean => isPlain && !target.isRead
  const farOn = (conditions: readonly Sql[]): Sql => {
    const same = pairs(junction.targetColumns, (index) => target.named(relation.foreign[index]?.column ?? ''))
    return sql` inner join ${target.toJoinedSql()} on ${sql.join([same, ...conditions], sql` and `)}`
  }
  const whole = sql.join([...near, ...far], sql` and `)
  return {
    from: () => (isAlone() ? between : sql`${between}${farOn([])}`),
    on: whole,
    // The target's row is at hand only behind its own join.
    joined: () =>
      isAlone() ? sql` inner join ${between} on ${whole}` : sql` inner join ${between} on ${sql.join(near, sql` and `)}${farOn(far)}`,
  }
}

type KeptRows = (target: From, context: SqlContext) => readonly Sql[]

/** Rows that were softly deleted, or that the scope of their model leaves out, are no related rows. */
export function keptRows(target: From, context: SqlContext): readonly Sql[] {
  const scope = context.scopeOf(target)
  return scope ? [...livingRows(target), scope] : livingRows(target)
}

/** All but those that were softly deleted. */
function livingRows(target: From): readonly Sql[] {
  const mark = target.meta.duty('deletedAt')
  return mark ? [sql`${target.column(mark)} is null`] : []
}
