import { createHash } from 'node:crypto'
import type { Database, MaybePromise } from '@covet/db'
import { chained, isPromise } from '../maybe.ts'
import { memoryStore } from './memory-store.ts'
import type { QueryCacheStore } from './store.ts'

type Rows = unknown[][]

/**
 * The cached answers of one database. A key holds the statement, its parameters and the versions its tables had before it
 * ran: an answer that was read while a table was written is filed under a version nobody asks for any more.
 */
export class QueryCache {
  readonly #store: QueryCacheStore
  readonly #database: Database
  /** Answers on their way: who asks for the same meanwhile gets the same. */
  readonly #running = new Map<string, Promise<Rows>>()

  constructor(store: QueryCacheStore, database: Database) {
    this.#store = store
    this.#database = database
  }

  /** The answer from the cache, or what `read` reads, kept that long. Inside a transaction always the latter. */
  answer(request: CacheRequest, read: () => MaybePromise<Rows>): MaybePromise<Rows> {
    const { inTransaction, inSandbox } = this.#database
    if (inTransaction || inSandbox) return read()
    return chained(this.#store.versions(request.tables), (versions) => {
      const key = keyOf(request, versions)
      return chained(this.#store.get(key), (kept) => (kept ? ([...kept] as Rows) : this.#fill(key, request.ttl, read)))
    })
  }

  /** Runs a write; its tables get new versions around the commit that makes it last. */
  writing<T>(tables: readonly string[], write: () => MaybePromise<T>): MaybePromise<T> {
    if (this.#database.inSandbox) return write()
    if (!this.#database.inTransaction)
      return chained(this.#store.bump(tables), () => chained(write(), (value) => chained(this.#store.bump(tables), () => value)))
    return chained(write(), (value) => {
      // Before as well: a process that ends in between has left nothing stale behind.
      this.#database.beforeCommit(() => this.#store.bump(tables))
      this.#database.afterCommit(() => this.#store.bump(tables))
      return value
    })
  }

  invalidate(tables: readonly string[]): MaybePromise<void> {
    return this.#store.bump(tables)
  }

  #fill(key: string, ttl: number, read: () => MaybePromise<Rows>): MaybePromise<Rows> {
    const running = this.#running.get(key)
    if (running) return running.then((rows) => [...rows])
    const outcome = chained(read(), (rows) => chained(this.#store.set(key, [...rows], ttl), () => rows))
    if (!isPromise(outcome)) return outcome
    // Kept as it is for those who wait: hydration turns the first caller's list into instances.
    const shared = outcome.then((rows) => [...rows])
    this.#running.set(key, shared)
    const done = (): void => void this.#running.delete(key)
    shared.then(done, done)
    return outcome
  }
}

export interface CacheRequest {
  readonly text: string
  readonly params: readonly unknown[]
  readonly tables: readonly string[]
  /** Milliseconds. */
  readonly ttl: number
}

const caches = new WeakMap<Database, QueryCache>()

/** Gives a database the store of its cached queries. */
export function useQueryCache(database: Database, store: QueryCacheStore): void {
  caches.set(database, new QueryCache(store, database))
}

/** The cache of a database, if a query was ever to be cached there. */
export function cacheOf(database: Database): QueryCache | undefined {
  return caches.get(database)
}

/** The same, in the memory of this process where nothing else was said. */
export function cacheFor(database: Database): QueryCache {
  const known = caches.get(database)
  if (known) return known
  const cache = new QueryCache(memoryStore(), database)
  caches.set(database, cache)
  return cache
}

/** Runs a write of the ORM, so that cached answers of the tables are not given any more. */
export function writing<T>(database: Database, tables: readonly string[], write: () => MaybePromise<T>): MaybePromise<T> {
  const cache = caches.get(database)
  return cache ? cache.writing(tables, write) : write()
}

/** Says that tables were written by other means than models: by SQL, or by another program. */
export async function invalidate(database: Database, tables: readonly string[]): Promise<void> {
  await caches.get(database)?.invalidate(tables)
}

function keyOf({ text, params, tables }: CacheRequest, versions: readonly string[]): string {
  const content = JSON.stringify([text, params.map(tagged), tables, versions])
  return createHash('sha256').update(content).digest('base64url')
}

/** Values that JSON would make alike stay apart. */
function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return ['bigint', value.toString()]
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')]
  if (typeof value === 'object' && value !== null && 'toISOString' in value) return ['date', String((value as Date).toISOString())]
  return Array.isArray(value) ? value.map(tagged) : value
}
