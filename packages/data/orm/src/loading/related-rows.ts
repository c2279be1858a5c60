import type { MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import type { Chain } from '../query/chain.ts'
import { planOf, readCompiled } from '../query/run.ts'
import { definer } from './define.ts'
import type { Below, KindLoad, LoadRun } from './loading.ts'
import { compileRelated, keysOp, type RelatedPlan } from './related-sql.ts'

/** What a relation leads to from some keys. */
export interface RelatedRows {
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
export function readRelated(kind: KindLoad, keys: readonly unknown[], run: LoadRun): MaybePromise<RelatedRows> {
  const { signal, cache, database, values } = run
  const wanted = kind.chain(values)
  const chain = inherited(wanted, signal, cache)
  const most = Math.floor(mostPadded / kind.relation.foreign.length)
  if (database.dialect !== 'mysql' || keys.length <= most) return readChunk(kind, chain, keys, run)
  return readChunks(kind, chain, keys, run, most)
}

/** What holds for the whole query holds for what it loads, unless that says otherwise. */
function inherited(chain: Chain, signal: AbortSignal | undefined, cache: number | undefined): Chain {
  const running = { ...(signal && { signal }), ...(cache !== undefined && { cache }), ...chain.running }
  return signal || cache !== undefined ? chain.with(running) : chain
}

async function readChunks(kind: KindLoad, chain: Chain, keys: readonly unknown[], run: LoadRun, most: number): Promise<RelatedRows> {
  const parts: RelatedRows[] = []
  for (let start = 0; start < keys.length; start += most) parts.push(await readChunk(kind, chain, keys.slice(start, start + most), run))
  return {
    instances: parts.flatMap(({ instances }) => instances),
    ownerKeys: parts.flatMap(({ ownerKeys }) => ownerKeys),
    distinct: parts.flatMap(({ distinct }) => distinct),
    below: parts.flatMap(({ below }) => below),
  }
}

function readChunk(kind: KindLoad, wanted: Chain, keys: readonly unknown[], { database }: LoadRun): MaybePromise<RelatedRows> {
  const { relation } = kind
  const chain = wanted.add(keysOp(relation, keys))
  const values = chain.values()
  const plan = planOf('related', chain, database, values, (state, context) => compileRelated(relation, kind.keys, state, context, database))
  return chained(readCompiled(plan, values, chain, database), (rows) =>
    relatedRows(plan, rows, { database, values, signal: chain.running.signal, cache: chain.running.cache }),
  )
}

function relatedRows(plan: RelatedPlan, rows: Row[], run: LoadRun): RelatedRows {
  const { ownerKey } = plan
  const ownerKeys = new Array<unknown>(rows.length)
  for (let index = 0; index < rows.length; index += 1) ownerKeys[index] = ownerKey(rows[index] as Row)
  const { targetKey, pivot, loading } = plan
  const places = targetKey && placesOf(rows, targetKey)
  const kept = loading || pivot ? [...(places?.unique ?? rows)] : undefined
  const distinct = plan.hydrate(places ? places.unique : rows, run.database)
  if (pivot && kept) {
    const { at, width, hydrate } = pivot
    const pivots = hydrate(
      kept.map((row) => row.slice(at, at + width)),
      run.database,
    )
    const define = definer('pivot')
    for (const [index, instance] of distinct.entries()) define(instance, pivots[index])
  }
  const instances = places ? places.of.map((place) => distinct[place] as object) : distinct
  return { instances, ownerKeys, distinct, below: loading && kept ? [{ loading, owners: distinct, rows: kept, run }] : [] }
}

/** The rows without those whose target came before, and where each row's target stands among them. */
function placesOf(rows: readonly Row[], targetKey: (row: Row) => unknown): { unique: Row[]; of: readonly number[] } {
  const known = new Map<unknown, number>()
  const unique: Row[] = []
  const of = rows.map((row) => {
    const key = targetKey(row)
    const place = known.get(key)
    if (place !== undefined) return place
    known.set(key, unique.length)
    return unique.push(row) - 1
  })
  return { unique, of }
}
