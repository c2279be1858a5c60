import type { MaybePromise } from '@covet/db'
import { BoundedCache } from '@covet/db'
import type { QueryCacheStore } from './store.ts'

export interface MemoryStoreOptions {
  /** Answers kept at most; those that were not asked for longest go first. @default 1000 */
  readonly maxEntries?: number
  /** @default Date.now */
  readonly now?: () => number
}

interface Entry {
  readonly rows: readonly unknown[][]
  readonly until: number
}

/** A store of this process: others do not hear of its writes, and their writes are not heard of here before the time is over. */
export function memoryStore({ maxEntries = 1_000, now = Date.now }: MemoryStoreOptions = {}): QueryCacheStore {
  const entries = new BoundedCache<Entry>(maxEntries)
  const versions = new Map<string, number>()
  return {
    local: true,
    versions: (tables) => tables.map((table) => String(versions.get(table) ?? 0)),
    bump(tables): MaybePromise<void> {
      for (const table of tables) versions.set(table, (versions.get(table) ?? 0) + 1)
    },
    get(key) {
      const entry = entries.get(key)
      return entry !== undefined && entry.until > now() ? entry.rows : undefined
    },
    set(key, rows, ttl): MaybePromise<void> {
      entries.set(key, { rows, until: now() + ttl })
    },
  }
}
