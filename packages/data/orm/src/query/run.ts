import { type Database, isResult, type MaybePromise, type Result } from '@covet/db'
import { cacheOf, type Tables } from '../cache/query-cache.ts'
import { InvalidQueryError } from '../errors.ts'
import { chained } from '../maybe.ts'
import type { Compiled } from '../sql/compile.ts'
import { SqlContext } from '../sql/context.ts'
import { dialectOf, padsLists } from '../sql/dialects.ts'
import { expressionSql } from '../sql/expression.ts'
import { paddedSize } from '../sql/padded.ts'
import { SharedQueries } from '../sql/shared.ts'
import type { Chain } from './chain.ts'
import type { Shape } from './shape.ts'
import { usesOf } from './shared.ts'
import type { QueryState } from './state.ts'

/**
 * The parameters of a statement that reads.
 * @throws {InvalidQueryError} when the rows are to stay locked and there is no transaction to hold them
 */
export function readParams({ bind }: Compiled, values: readonly unknown[], { running }: Chain, database: Database): readonly unknown[] {
  if (running.locks && !database.inTransaction)
    throw new InvalidQueryError(
      'lock() holds rows to the end of a transaction, and there is none around this query: put it into db.transaction().',
    )
  return bind(values)
}

function run(
  { text, integerColumns, numberColumns, valuesAsGiven: asGiven = false }: Compiled,
  params: readonly unknown[],
  { running }: Chain,
  database: Database,
): MaybePromise<Result<unknown[]>> {
  const { signal, firstOnly = false, valuesAsGiven = asGiven } = running
  const statement = { text, params, rowMode: 'text', firstOnly, valuesAsGiven, integerColumns, numberColumns } as const
  return database.executeNow<unknown[]>(statement, signal && { signal })
}

/** Runs what was compiled for the shape of a query that only reads: answered from the cache where it asks for that. */
export function readCompiled(compiled: Compiled, values: readonly unknown[], chain: Chain, database: Database): MaybePromise<unknown[][]> {
  const params = readParams(compiled, values, chain, database)
  const { cache } = chain.running
  if (cache !== undefined) return readCached(compiled, params, { ttl: cache, signal: chain.running.signal }, database)
  const outcome = run(compiled, params, chain, database)
  return isResult(outcome) ? outcome.rows : outcome.then(rowsOf)
}

function readCached(
  { text, tables, integerColumns, numberColumns }: Compiled,
  params: readonly unknown[],
  { ttl, signal }: { readonly ttl: number; readonly signal: AbortSignal | undefined },
  database: Database,
): MaybePromise<unknown[][]> {
  // A replica may not have yet what made the versions new: what it answers would be kept as if it were current.
  const read = (): MaybePromise<Result<unknown[]>> =>
    database.executeNow({ text, params, rowMode: 'text', integerColumns, numberColumns }, { on: 'primary', ...(signal && { signal }) })
  return cacheOf(database).answer({ text, params, tables, ttl }, () => chained(read(), rowsOf))
}

/** The same of a query that writes. @param tables those it may change */
export function writeCompiled(
  compiled: Compiled,
  values: readonly unknown[],
  chain: Chain,
  database: Database,
  tables: Tables,
): MaybePromise<Result<unknown[]>> {
  return cacheOf(database).writing(tables, () => run(compiled, compiled.bind(values), chain, database))
}

function rowsOf({ rows }: Result<unknown[]>): unknown[][] {
  return rows
}

/**
 * The plan of a shape for this database. On an engine whose lists are single parameters there is one per size of its
 * lists, rounded up to a power of two; of shared queries there is one for each way in which some of them are the same.
 */
export function planOf<Plan>(
  purpose: string,
  chain: Chain,
  database: Database,
  values: readonly unknown[],
  compile: (state: QueryState, context: SqlContext) => Plan,
): Plan {
  const { dialect } = database
  const { shape } = chain
  return shape.plan(purpose, dialect, variantOf(shape, dialect, values), () => {
    const state = chain.state()
    const [buckets, shared] = [bucketsOf(dialect, values), new SharedQueries(shape.shares ? usesOf(values) : noUses)]
    return compile(state, new SqlContext({ dialect: dialectOf(dialect), compile: expressionSql, query: state, buckets, shared }))
  })
}

/** The same where it was the last that was compiled for the shape, and undefined otherwise. */
export function knownPlan<Plan>(purpose: string, shape: Shape, { dialect }: Database, values: readonly unknown[]): Plan | undefined {
  return shape.known<Plan>(purpose, dialect, variantOf(shape, dialect, values))
}

function variantOf({ shares }: Shape, dialect: string, values: readonly unknown[]): string {
  const buckets = bucketsOf(dialect, values)
  const lists = buckets === noBuckets ? '' : [...buckets.values()].join(',')
  return shares ? `${lists} ${[...usesOf(values).values()].join(',')}` : lists
}

function bucketsOf(dialect: string, values: readonly unknown[]): ReadonlyMap<number, number> {
  return padsLists(dialect) ? listBuckets(values) : noBuckets
}

const noBuckets: ReadonlyMap<number, number> = new Map()
const noUses: ReadonlyMap<number, number> = new Map()

function listBuckets(values: readonly unknown[]): ReadonlyMap<number, number> {
  let buckets: Map<number, number> | undefined
  for (const [slot, value] of values.entries()) {
    if (!Array.isArray(value)) continue
    buckets ??= new Map()
    // A key of several columns is a list itself.
    const [first] = value as readonly unknown[]
    buckets.set(slot, paddedSize(value.length, Array.isArray(first) ? first.length : 1))
  }
  return buckets ?? noBuckets
}
