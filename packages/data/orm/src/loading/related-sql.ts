import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { type Hydrate, hydrator, hydratorOf } from '../hydrate/instances.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Junction, RelationMeta } from '../meta/relation-meta.ts'
import type { Op } from '../query/op.ts'
import type { QueryState } from '../query/state.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import type { From } from '../sql/from.ts'
import { outputsOf } from '../sql/outputs.ts'
import { Param } from '../sql/param.ts'
import { conditionsOf, openFrom, orderSql, type Output } from '../sql/select.ts'
import type { Keys } from './keys.ts'
import { keysSql } from './keys-sql.ts'
import type { Loading } from './loading.ts'
import { neededColumns, planLoading } from './plan.ts'

/** How to read the rows of one relation, for one shape of its query, from one engine. */
export interface RelatedPlan extends Compiled {
  readonly hydrate: Hydrate
  readonly loading: Loading | undefined
  /** The key of the owner that a row belongs to. */
  readonly ownerKey: (row: Row) => unknown
  /** Of rows that belong to several owners: what makes them one. */
  readonly targetKey: ((row: Row) => unknown) | undefined
  /** The junction's own row, where it is a model. */
  readonly pivot: { readonly at: number; readonly width: number; readonly hydrate: Hydrate } | undefined
}

const keysNote = 'keys of a relation'
const ids = new WeakMap<RelationMeta, string>()
let nextId = 1

/** Narrows a query to the rows that belong to these keys. */
export function keysOp(relation: RelationMeta, keys: readonly unknown[]): Op {
  return {
    token: `of ${idOf(relation)}`,
    values: [keys],
    fold(state, base) {
      state.notes.set(keysNote, base)
    },
  }
}

/** Names alone would confuse two models of one name. */
function idOf(relation: RelationMeta): string {
  const known = ids.get(relation)
  if (known) return known
  const id = `${relation.owner.name}.${relation.name} ${nextId}`
  nextId += 1
  ids.set(relation, id)
  return id
}

/** The rows in hand while the statement of a relation is compiled. */
interface Compiling {
  readonly relation: RelationMeta
  readonly state: QueryState
  readonly context: SqlContext
  readonly from: From
  /** The junction's alias. */
  readonly between: string
  readonly outputs: Output[]
}

export function compileRelated(
  relation: RelationMeta,
  keys: Keys,
  state: QueryState,
  context: SqlContext,
  database: Database,
): RelatedPlan {
  assertInstances(relation, state)
  readColumns(state)
  const from = openFrom(state, context)
  const outputs = [...outputsOf(state, from, context)]
  const compiling: Compiling = { relation, state, context, from, between: context.alias(), outputs }
  const { junction, target } = relation
  const pivot = junction?.meta && addPivot(compiling, junction.meta)
  const keyAt = addOwnerKey(compiling)
  const targetAt = junction && !pivot ? positionsOf(target.primaryKey, compiling) : undefined
  const perOwner = state.limit !== undefined || state.offset !== undefined
  const loading = planLoading(target, state.with, perOwner ? undefined : { state, context, outputs })
  const statement = perOwner ? limitedSql(compiling) : plainSql(compiling)
  return {
    ...compileSql(statement, database),
    hydrate: hydratorOf(state, database.dialect),
    loading,
    ownerKey: ownerKeyReader(relation, keys, keyAt, database.dialect),
    targetKey: targetAt && rawKey(targetAt),
    pivot,
  }
}

function assertInstances({ owner, name }: RelationMeta, { selection, groupBy }: QueryState): void {
  if (selection || groupBy)
    throw new InvalidQueryError(
      `with() loads instances: the query of ${owner.name}.${name} cannot select or group. Leave columns out with only() or defer().`,
    )
}

/** What loading reads must be among the columns. */
export function readColumns(state: QueryState): void {
  const { columns, meta } = state
  if (!columns) return
  const missing = neededColumns(meta, state.with).filter((column) => !columns.includes(column))
  if (missing.length > 0) state.columns = [...columns, ...new Set(missing)]
}

function addPivot({ context, between, outputs }: Compiling, meta: NonNullable<Junction['meta']>): RelatedPlan['pivot'] {
  const at = outputs.length
  outputs.push(...meta.columns.map(({ column, field }) => ({ sql: sql.id(between, column), type: field })))
  return { at, width: meta.columns.length, hydrate: hydrator(meta, context.dialect.name) }
}

/** Where the columns stand that name the owner; added where the rows do not have them anyway. */
function addOwnerKey(compiling: Compiling): readonly number[] {
  const { relation, between, outputs } = compiling
  const { junction, local, foreign } = relation
  if (!junction) return positionsOf(foreign, compiling)
  return junction.ownerColumns.map((column, index) => outputs.push({ sql: sql.id(between, column), type: typeOf(local[index]) }) - 1)
}

function positionsOf(columns: readonly ColumnMeta[], { state, from, outputs }: Compiling): readonly number[] {
  const read = state.columns ?? state.meta.columns
  return columns.map((column) => {
    const position = read.indexOf(column)
    return position >= 0 ? position : outputs.push({ sql: from.column(column), type: column.field }) - 1
  })
}

function typeOf(column: ColumnMeta | undefined): Output['type'] {
  return column?.field ?? { type: 'int', nullable: false }
}

function ownerKeyReader(
  { junction, local, foreign }: RelationMeta,
  keys: Keys,
  keyAt: readonly number[],
  dialect: string,
): (row: Row) => unknown {
  const decoders = (junction ? local : foreign).map(({ field }) => codecOf(field, dialect).decode)
  const [only = 0, second] = keyAt
  const [decode] = decoders
  if (second === undefined) return decode || !keys.plain ? (row) => keys.ofValue(decoded(row[only], decode)) : (row) => row[only]
  return (row) => keys.ofValues(keyAt.map((position, index) => decoded(row[position], decoders[index])))
}

function decoded(raw: unknown, decode: ((raw: unknown) => unknown) | undefined): unknown {
  return decode === undefined || raw === null ? raw : decode(raw)
}

/** Values of one column are equal as the driver gives them. */
function rawKey(positions: readonly number[]): (row: Row) => unknown {
  const [only = 0, second] = positions
  if (second === undefined) return (row) => row[only]
  return (row) => positions.map((position) => String(row[position])).join('\0')
}

function plainSql(compiling: Compiling): Sql {
  const { state, context, outputs } = compiling
  const list = sql.join(
    outputs.map((output) => output.sql),
    sql`, `,
  )
  const where = whereSql(compiling)
  const order = orderSql(state, context)
  const lock = state.lock ? context.dialect.lock(state.lock) : sql``
  return sql`select ${list} from ${fromSql(compiling)} where ${where}${order}${lock}`
}

/** A limit counts for each owner: the rows are numbered within it. */
function limitedSql(compiling: Compiling): Sql {
  const { state, context, outputs, relation } = compiling
  if (state.lock) throw new InvalidQueryError(`The query of ${relation.owner.name}.${relation.name} has a limit per row and cannot lock.`)
  const names = outputs.map((_, index) => `c${index}`)
  const list = sql.join(
    outputs.map((output, index) => sql`${output.sql} as ${sql.id(names[index] ?? '')}`),
    sql`, `,
  )
  const where = whereSql(compiling)
  const number = sql`row_number() over (partition by ${sql.join(ownerColumns(compiling), sql`, `)}${orderSql(state, context)}) as place`
  const inner = sql`select ${list}, ${number} from ${fromSql(compiling)} where ${where}`
  const outer = sql.join(
    names.map((name) => sql.id(name)),
    sql`, `,
  )
  return sql`select ${outer} from (${inner}) as numbered where ${placeSql(state)} order by place`
}

function placeSql({ limit, offset }: QueryState): Sql {
  const parts: Sql[] = []
  const first = offset === undefined ? sql`place` : sql`place - ${new Param(offset)}`
  if (offset !== undefined) parts.push(sql`place > ${new Param(offset)}`)
  if (limit !== undefined) parts.push(sql`${first} <= ${new Param(limit)}`)
  return sql.join(parts, sql` and `)
}

/** The columns that equal the owner's key. */
function ownerColumns({ relation, from, between }: Compiling): readonly Sql[] {
  const { junction, foreign } = relation
  return junction ? junction.ownerColumns.map((column) => sql.id(between, column)) : foreign.map((column) => from.column(column))
}

function whereSql(compiling: Compiling): Sql {
  const { relation, state, context, from } = compiling
  const { junction, local, foreign, typeColumn, typeValue } = relation
  const types = (junction ? local : foreign).map(({ field }) => field)
  const parts = [keysSql(ownerColumns(compiling), types, state.notes.get(keysNote) as number, context)]
  if (typeColumn && typeValue !== undefined) parts.push(sql`${from.column(typeColumn)} = ${sql.lit(typeValue)}`)
  const mark = junction?.meta?.duty('deletedAt')
  if (mark) parts.push(sql`${sql.id(compiling.between, mark.column)} is null`)
  for (const node of conditionsOf(state)) parts.push(context.condition(node))
  return sql.join(parts, sql` and `)
}

/** Written last: the list, the conditions and the order may have joined to it. */
function fromSql({ relation, from, between }: Compiling): Sql {
  const { junction, foreign } = relation
  if (!junction) return from.toSql()
  const on = junction.targetColumns.map(
    (column, index) => sql`${sql.id(between, column)} = ${from.column(foreign[index] ?? { column: '' })}`,
  )
  return sql`${from.toSql()} inner join ${sql.table(junction.table)} as ${sql.id(between)} on ${sql.join(on, sql` and `)}`
}
