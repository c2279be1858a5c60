import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import { hydrator } from '../hydrate/instances.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Junction, RelationMeta } from '../meta/relation-meta.ts'
import type { QueryState } from '../query/state.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import type { From } from '../sql/from.ts'
import type { Output } from '../sql/outputs.ts'
import { conditionsOf } from '../sql/select.ts'
import type { Pivot } from './loading.ts'
import { neededColumns } from './needed-columns.ts'

/** The rows in hand while the statement of a relation is compiled. */
export interface Compiling {
  readonly relation: RelationMeta
  readonly state: QueryState
  readonly context: SqlContext
  readonly from: From
  /** The junction's alias. */
  readonly between: string
  readonly outputs: Output[]
}

export function assertInstances({ owner, name }: RelationMeta, { selection, groupBy }: QueryState): void {
  if (selection || groupBy)
    throw new InvalidQueryError(
      `with() loads instances: the query of ${owner.name}.${name} cannot select or group. Leave columns out with only() or defer().`,
    )
}

/** What loading reads must be among the columns, and the version, without which the row could not be written. */
export function readColumns(state: QueryState): void {
  const { columns, meta } = state
  if (!columns) return
  const missing = neededColumns(meta, state.with).filter((column) => !columns.includes(column))
  const version = meta.duty('version')
  if (version && !columns.includes(version)) {
    missing.push(version)
    state.unasked = version
  }
  if (missing.length > 0) state.columns = [...columns, ...new Set(missing)]
}

export function addPivot({ context, between, outputs }: Compiling, meta: NonNullable<Junction['meta']>): Pivot {
  const at = outputs.length
  outputs.push(...meta.columns.map(({ column, field }) => ({ sql: sql.id(between, column), type: field })))
  return { at, width: meta.columns.length, hydrate: hydrator(meta, context.dialect.name) }
}

export function positionsOf(columns: readonly ColumnMeta[], { state, from, outputs }: Compiling): readonly number[] {
  const read = state.columns ?? state.meta.columns
  return columns.map((column) => {
    const position = read.indexOf(column)
    return position >= 0 ? position : outputs.push({ sql: from.column(column), type: column.field }) - 1
  })
}

/** The columns that equal the owner's key. */
export function ownerColumns({ relation, from, between }: Compiling): readonly Sql[] {
  const { junction, foreign } = relation
  return junction ? junction.ownerColumns.map((column) => sql.id(between, column)) : foreign.map((column) => from.column(column))
}

/** Written last: the list, the conditions and the order may have joined to it. */
export function fromSql({ relation, from, between }: Compiling): Sql {
  const { junction, foreign } = relation
  if (!junction) return from.toSql()
  const on = junction.targetColumns.map(
    (column, index) => sql`${sql.id(between, column)} = ${from.column(foreign[index] ?? { column: '' })}`,
  )
  return sql`${from.toSql()} inner join ${sql.table(junction.table)} as ${sql.id(between)} on ${sql.join(on, sql` and `)}`
}

/** The conditions beside that of belonging to an owner. */
export function keptSql({ relation, state, context, from, between }: Compiling): readonly Sql[] {
  const { junction, typeColumn, typeValue } = relation
  const parts: Sql[] = []
  if (typeColumn && typeValue !== undefined) parts.push(sql`${from.column(typeColumn)} = ${sql.lit(typeValue)}`)
  const mark = junction?.meta?.duty('deletedAt')
  if (mark) parts.push(sql`${sql.id(between, mark.column)} is null`)
  for (const node of conditionsOf(state)) parts.push(context.condition(node))
  return parts
}
