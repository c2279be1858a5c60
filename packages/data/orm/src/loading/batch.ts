import type { Database, MaybePromise } from '@covet/db'
import { chained } from '../maybe.ts'
import { type Keys, sentKey } from './keys.ts'
import type { Below, BatchLoad, KindLoad, LoadRun } from './loading.ts'
import { keepTogether } from './peers.ts'
import { type LoadedRows, readRelated } from './related-rows.ts'

/** Owners that share a key, and what it leads to. */
type Found = Map<unknown, object[]>

/**
 * Reads a relation for all owners and gives it to them. Nothing is sent when no owner has a key.
 * @returns what is to be loaded with the rows it read
 */
export function loadBatch(load: BatchLoad, owners: readonly object[], run: LoadRun): MaybePromise<readonly Below[]> {
  const [only, second] = load.kinds
  if (only && !second && !load.kindOf) return loadKind(load, only, owners, run)
  return loadKinds(load, owners, run)
}

/** Kinds one after the other: each has rows of a table of its own. */
function loadKinds(load: BatchLoad, owners: readonly object[], run: LoadRun): MaybePromise<readonly Below[]> {
  const byKind = Map.groupBy(owners, (owner) => load.kindOf?.(owner))
  const all: Below[] = []
  const next = (position: number): MaybePromise<readonly Below[]> => {
    const kind = load.kinds[position]
    if (!kind) {
      for (const [value, others] of byKind)
        if (!load.kinds.some((each) => each.kind === value)) for (const owner of others) load.define(owner, null)
      return all
    }
    return chained(loadKind(load, kind, byKind.get(kind.kind) ?? [], run), (below) => {
      all.push(...below)
      return next(position + 1)
    })
  }
  return next(0)
}

function loadKind(load: BatchLoad, kind: KindLoad, owners: readonly object[], run: LoadRun): MaybePromise<readonly Below[]> {
  const { ownerKey, relation } = kind
  const found: Found = new Map()
  const keys: unknown[] = []
  const lists: (object[] | undefined)[] = []
  for (const owner of owners) {
    const key = ownerKey(owner)
    let list = key === undefined ? undefined : found.get(key)
    if (key !== undefined && list === undefined) {
      list = []
      found.set(key, list)
      keys.push(sentKey(owner, relation.local))
    }
    lists.push(list)
  }
  if (keys.length === 0) {
    give(load, owners, lists)
    return []
  }
  const end = (related: LoadedRows): readonly Below[] => {
    give(load, owners, lists)
    // Of one owner the list it gets is what callers hold.
    keepTogether(found.size === 1 ? (lists.find((list) => list !== undefined) ?? owners) : owners, related.distinct)
    return related.below
  }
  return chained(readRelated(kind, keys, run), (related) => {
    if (kind.keys.folds) return chained(distributeFolded(kind.keys, related, found, run.database), () => end(related))
    distribute(related, found)
    return end(related)
  })
}

function distribute({ instances, ownerKeys }: LoadedRows, found: Found): void {
  for (let index = 0; index < instances.length; index += 1) {
    const instance = instances[index]
    if (instance) found.get(ownerKeys[index])?.push(instance)
  }
}

/** A row may belong to owners whose keys it spells in another way. */
function distributeFolded(keys: Keys, { instances, ownerKeys }: LoadedRows, found: Found, database: Database): MaybePromise<void> {
  return chained(keys.sameness(database, [...found.keys(), ...ownerKeys]), (sameness) => {
    const lists = Map.groupBy(found, ([key]) => sameness(key))
    for (const [index, instance] of instances.entries())
      for (const [, list] of lists.get(sameness(ownerKeys[index])) ?? []) list.push(instance)
  })
}

function give({ define, many }: BatchLoad, owners: readonly object[], lists: readonly (object[] | undefined)[]): void {
  for (const [index, owner] of owners.entries()) define(owner, many ? (lists[index] ?? []) : (lists[index]?.[0] ?? null))
}
