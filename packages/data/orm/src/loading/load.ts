import type { MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { chained, failed, isPromise } from '../maybe.ts'
import { loadBatch } from './batch.ts'
import { attachLists } from './json-load.ts'
import type { BatchLoad, Below, JoinedLoad, ListLoad, Loading, LoadRun } from './loading.ts'
import { keepTogether } from './peers.ts'
import { UniqueRows } from './unique-rows.ts'

/** Relations read at the same time: more would take the connections of others. */
const atOnce = 4

/** Loads relations of the owners. @param rows those they were made of, as far as relations were joined to them */
export function loadInto(loading: Loading, owners: readonly object[], rows: readonly Row[], run: LoadRun): MaybePromise<void> {
  if (owners.length === 0) return undefined
  const works = loading.joined.map((load) => () => attachJoined(load, owners, rows, run))
  for (const list of loading.lists) works.push(() => attachList(list, owners, rows, run))
  for (const batch of loading.batches) works.push(() => loadRelation(batch, owners, run))
  return inTurns(works, run.database.inTransaction ? 1 : atOnce)
}

/** Loads one relation of the owners, and what is loaded with its rows in turn. */
export function loadRelation(batch: BatchLoad, owners: readonly object[], run: LoadRun): MaybePromise<void> {
  return chained(loadBatch(batch, owners, run), loadBelow)
}

function loadBelow([first, ...others]: readonly Below[]): MaybePromise<void> {
  if (!first) return undefined
  return chained(loadInto(first.loading, first.owners, first.rows, first.run), () => loadBelow(others))
}

function attachJoined(load: JoinedLoad, owners: readonly object[], rows: readonly Row[], run: LoadRun): MaybePromise<void> {
  const { at, width, keyOf, define } = load
  const unique = new UniqueRows()
  const places = rows.map((row) => {
    const key = keyOf(row)
    if (key === undefined) return -1
    const place = unique.placeOf(key, row)
    if (run.cache === undefined && unique.rows[place] !== row) forgetLists(load.below, row)
    return place
  })
  const related = load.hydrate(
    unique.rows.map((row) => row.slice(at, at + width)),
    run.database,
  )
  for (const [index, owner] of owners.entries()) define(owner, related[places[index] ?? -1] ?? null)
  keepTogether(owners, related)
  return loadInto(load.below, related, unique.rows, run)
}

function attachList(load: ListLoad, owners: readonly object[], rows: readonly Row[], run: LoadRun): MaybePromise<void> {
  const listed = attachLists(load, owners, rows, run)
  return loadInto(load.below, listed.related, listed.rows, run)
}

/** An instance that was there before has its lists: the row need not keep them. */
function forgetLists({ joined, lists }: Loading, row: Row): void {
  for (const { at } of lists) row[at] = undefined
  for (const { below } of joined) forgetLists(below, row)
}

/** Runs what is synchronous one after the other, and of what is not some at once. */
function inTurns(works: readonly (() => MaybePromise<void>)[], most: number): MaybePromise<void> {
  const running: Promise<void>[] = []
  for (const [index, work] of works.entries()) {
    const outcome = running.length === 0 ? work() : begun(work)
    if (isPromise(outcome)) running.push(outcome)
    if (running.length >= most) return chained(together(running), () => inTurns(works.slice(index + 1), most))
  }
  return running.length === 0 ? undefined : together(running)
}

/** Beside others that run: what it throws at once waits for them too. */
function begun(work: () => MaybePromise<void>): MaybePromise<void> {
  try {
    return work()
  } catch (error) {
    return failed(error)
  }
}

/** All have ended before the first failure is told: nothing goes on behind the caller's back. */
async function together(running: readonly Promise<void>[]): Promise<void> {
  const [only, second] = running
  if (only && !second) return only
  const outcomes = await Promise.allSettled(running)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
