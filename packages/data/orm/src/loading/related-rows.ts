import type { MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import type { Chain } from '../query/chain.ts'
import { planOf, readCompiled } from '../query/run.ts'
import { padsLists } from '../sql/dialects.ts'
import type { Below, KindLoad, LoadRun } from './loading.ts'
import { compileRelated, keysOp, type RelatedPlan } from './related-sql.ts'
import { givePivots, UniqueRows } from './unique-rows.ts'

/** What a relation leads to from some keys. */
export interface LoadedRows {
  /** One per row; of a row that several keys lead to the same one. */
  readonly instances: readonly object[]
  /** The key that each of them belongs to, as its owner's. */
  readonly ownerKeys: readonly unknown[]
  /** Each instance once. */
  readonly distinct: readonly object[]
  readonly below: readonly Below[]
}

/** Keys in one statement where a list is single parameters; a power of two, and half of what the protocol takes. */
const mostPadded = 32_768

/** Reads the rows that belong to these keys. */
export function readRelated(kind: KindLoad, keys: readonly unknown[], run: LoadRun): MaybePromise<LoadedRows> {
  const { signal, cache, database, values } = run
  const wanted = kind.chain(values)
  const chain = inherited(wanted, signal, cache)
  const most = Math.floor(mostPadded / kind.relation.foreign.length)
  if (!padsLists(database.dialect) || keys.length <= most) return readChunk(kind, chain, keys, run)
  return readChunks(kind, chain, keys, run, most)
}

/** What holds for the whole query holds for what it loads, unless that says otherwise. */
function inherited(chain: Chain, signal: AbortSignal | undefined, cache: number | undefined): Chain {
  const running = { ...(signal && { signal }), ...(cache !== undefined && { cache }), ...chain.running }
  return signal || cache !== undefined ? chain.with(running) : chain
}

async function readChunks(kind: KindLoad, chain: Chain, keys: readonly unknown[], run: LoadRun, most: number): Promise<LoadedRows> {
  const parts: LoadedRows[] = []
  for (let start = 0; start < keys.length; start += most) parts.push(await readChunk(kind, chain, keys.slice(start, start + most), run))
  return {
    instances: parts.flatMap(({ instances }) => instances),
    ownerKeys: parts.flatMap(({ ownerKeys }) => ownerKeys),
    distinct: parts.flatMap(({ distinct }) => distinct),
    below: parts.flatMap(({ below }) => below),
  }
}

function readChunk(kind: KindLoad, wanted: Chain, keys: readonly unknown[], { database }: LoadRun): MaybePromise<LoadedRows> {
  const { relation } = kind
  const chain = wanted.add(keysOp(relation, keys))
  const values = chain.values()
  const plan = planOf('related', chain, database, values, (state, context) => compileRelated(relation, kind.keys, state, context, database))
  return chained(readCompiled(plan, values, chain, database), (rows) =>
    loadedRows(plan, rows, { database, values, signal: chain.running.signal, cache: chain.running.cache }),
  )
}

function loadedRows(plan: RelatedPlan, rows: Row[], run: LoadRun): LoadedRows {
  const { ownerKey } = plan
  const ownerKeys = new Array<unknown>(rows.length)
  for (let index = 0; index < rows.length; index += 1) ownerKeys[index] = ownerKey(rows[index] as Row)
  const { targetKey, pivot, loading } = plan
  const unique = targetKey && new UniqueRows()
  const places = targetKey && unique && rows.map((row) => unique.placeOf(targetKey(row), row))
  const first = unique ? unique.rows : rows
  const kept = loading || pivot ? [...first] : undefined
  const distinct = plan.hydrate(first, run.database)
  if (pivot && kept) givePivots(pivot, distinct, kept, run.database)
  const instances = places ? places.map((place) => distinct[place] as object) : distinct
  return { instances, ownerKeys, distinct, below: loading && kept ? [{ loading, owners: distinct, rows: kept, run }] : [] }
}
