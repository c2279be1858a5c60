import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { type Hydrate, hydratorOf } from '../hydrate/instances.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { Op } from '../query/op.ts'
import { isBounded, type QueryState } from '../query/state.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import { keysSql } from '../sql/keys.ts'
import { numericColumns, type Output, outputsOf } from '../sql/outputs.ts'
import { Param } from '../sql/param.ts'
import { openFrom, orderSql } from '../sql/select.ts'
import type { Keys } from './keys.ts'
import type { Loading, Pivot } from './loading.ts'
import { planLoading } from './plan.ts'
import { addPivot, assertInstances, type Compiling, fromSql, keptSql, ownerColumns, positionsOf, readColumns } from './related-from.ts'
import { rowKey } from './unique-rows.ts'

/** How to read the rows of one relation, for one shape of its query, from one engine. */
export interface RelatedPlan extends Compiled {
  readonly hydrate: Hydrate
  readonly loading: Loading | undefined
  /** The key of the owner that a row belongs to. */
  readonly ownerKey: (row: Row) => unknown
  /** Of rows that belong to several owners: what makes them one. */
  readonly targetKey: ((row: Row) => unknown) | undefined
  readonly pivot: Pivot | undefined
}

const keysNote = 'keys of a relation'
const tokens = new WeakMap<RelationMeta, string>()
let nextId = 1

/** Narrows a query to the rows that belong to these keys. */
export function keysOp(relation: RelationMeta, keys: readonly unknown[]): Op {
  return {
    token: tokenOf(relation),
    values: [keys],
    fold(state, base) {
      state.notes.set(keysNote, base)
    },
  }
}

/** Names alone would confuse two models of one name. */
function tokenOf(relation: RelationMeta): string {
  const known = tokens.get(relation)
  if (known !== undefined) return known
  const token = `of ${relation.owner.name}.${relation.name} ${nextId}`
  nextId += 1
  tokens.set(relation, token)
  return token
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
  const perOwner = isBounded(state)
  // Beyond the limit are rows for which nothing has to be read.
  const loading = planLoading(target, state.with, perOwner ? undefined : { state, context, outputs })
  const statement = perOwner ? limitedSql(compiling) : plainSql(compiling)
  return {
    ...compileSql(statement, context, database),
    ...numericColumns(outputs),
    hydrate: hydratorOf(state, database.dialect),
    loading,
    ownerKey: ownerKeyReader(relation, keys, keyAt, database.dialect),
    targetKey: targetAt && rowKey(targetAt),
    pivot,
  }
}

/** Where the columns stand that name the owner; added where the rows do not have them anyway. */
function addOwnerKey(compiling: Compiling): readonly number[] {
  const { relation, between, outputs } = compiling
  const { junction, local, foreign } = relation
  if (!junction) return positionsOf(foreign, compiling)
  return junction.ownerColumns.map((column, index) => outputs.push({ sql: sql.id(between, column), type: typeOf(local[index]) }) - 1)
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

function whereSql(compiling: Compiling): Sql {
  const { relation, state, context } = compiling
  const { junction, local, foreign } = relation
  const types = (junction ? local : foreign).map(({ field }) => field)
  const ofKeys = keysSql(ownerColumns(compiling), types, state.notes.get(keysNote) as number, context)
  return sql.join([ofKeys, ...keptSql(compiling)], sql` and `)
}
