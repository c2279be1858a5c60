import type { MaybePromise } from '@covet/db'
import type { QueryCacheStore } from './store.ts'

/** The part of a store that belongs to one database, so that tables of the same name in another stay apart. */
export class NamespacedStore {
  readonly get: QueryCacheStore['get']
  readonly set: QueryCacheStore['set']
  readonly #store: QueryCacheStore
  readonly #prefix: string

  constructor(store: QueryCacheStore, namespace: string) {
    this.#store = store
    // Without a colon of its own: no namespace and table together look like another pair.
    this.#prefix = `${encodeURIComponent(namespace)}:`
    this.get = (key) => store.get(key)
    this.set = (key, rows, ttl) => store.set(key, rows, ttl)
  }

  /** What the tables are called in the store, in their order. */
  names(tables: readonly string[]): readonly string[] {
    return tables.map((table) => this.#prefix + table)
  }

  versions(tables: readonly string[]): MaybePromise<readonly string[]> {
    return this.#store.versions(this.names(tables))
  }

  bump(tables: readonly string[]): MaybePromise<void> {
    return this.#store.bump(this.names(tables))
  }
}
