import { randomUUID } from 'node:crypto'
import { type Database, errors, type MaybePromise, type ParticipantKind } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { chained, isPromise } from '../maybe.ts'
import { Doubts } from './doubts.ts'
import { cacheKey } from './key.ts'
import { memoryStore } from './memory-store.ts'
import { NamespacedStore } from './namespaced-store.ts'
import type { QueryCacheStore } from './store.ts'
import { TransactionTables } from './transaction-tables.ts'

type Rows = unknown[][]

/** The tables of a write, or what works them out: most processes cache nothing and never ask. */
export type Tables = readonly string[] | (() => readonly string[])

/**
 * The cached answers of one database. A key holds the statement, its parameters and the versions its tables had before it
 * ran: an answer that was read while a table was written is filed under a version nobody asks for any more.
 *
 * A commit whose answer was lost (`CommitUnknown`) may have happened. Here its tables are read from the database for ten
 * seconds and then have new versions; another process that shares the store and read them between the last version and
 * such a commit keeps what it read until then or, when this process ends or reads the tables no more, to the end of the TTL.
 */
export class QueryCache implements ParticipantKind<TransactionTables> {
  readonly #database: Database
  readonly #doubts: Doubts
  /** None before something is to be cached. Asked for when a write is over: it may be there only then. */
  #store: NamespacedStore | undefined
  /** Answers on their way: who asks for the same meanwhile gets the same. */
  readonly #running = new Map<string, Promise<Rows>>()

  constructor(database: Database, doubts: Doubts = new Doubts()) {
    this.#database = database
    this.#doubts = doubts
  }

  use(store: QueryCacheStore, namespace: string): void {
    this.#store = new NamespacedStore(store, namespace)
  }

  /** The answer from the cache, or what `read` reads, kept that long. Inside a transaction always the latter. */
  answer(request: CacheRequest, read: () => MaybePromise<Rows>): MaybePromise<Rows> {
    const { inTransaction, inSandbox } = this.#database
    if (inTransaction || inSandbox) return read()
    const { text, params, tables, ttl } = request
    const store = (this.#store ??= new NamespacedStore(memoryStore(), randomUUID()))
    if (this.#doubts.concern(tables)) return read()
    return chained(this.#settle(tables), () =>
      chained(store.versions(tables), (versions) => {
        const key = cacheKey(text, params, store.names(tables), versions)
        return chained(store.get(key), (kept) => (kept ? ([...kept] as Rows) : this.#fill(store, key, ttl, read)))
      }),
    )
  }

  /** Runs a write; its tables get new versions around the commit that makes it last. */
  writing<T>(tables: Tables, write: () => MaybePromise<T>): MaybePromise<T> {
    if (this.#database.inSandbox) return write()
    const transaction = this.#database.participant(this)
    if (transaction) {
      transaction.add(listOf(tables))
      return write()
    }
    if (!this.#store) return this.#alone(tables, write)
    const list = listOf(tables)
    return chained(this.#store.bump(list), () => this.#alone(list, write))
  }

  invalidate(tables: readonly string[]): MaybePromise<void> {
    return this.#store?.bump(tables)
  }

  /** The tables that a transaction writes. */
  takePart(): TransactionTables {
    return new TransactionTables(this.#doubts, (tables) => this.invalidate(tables))
  }

  /** A write outside of transactions: its tables get new versions whether it is known to have happened or not. */
  #alone<T>(tables: Tables, write: () => MaybePromise<T>): MaybePromise<T> {
    let outcome: MaybePromise<T>
    try {
      outcome = write()
    } catch (error) {
      return this.#failed(tables, error)
    }
    if (isPromise(outcome))
      return outcome.then(
        (value) => chained(this.#written(tables), () => value),
        (error: unknown) => this.#failed(tables, error),
      )
    const value = outcome
    return this.#store ? chained(this.#written(tables), () => value) : value
  }

  /** What the store fails with is the caller's: the row is written, and until the doubt is over nobody is told otherwise. */
  #written(written: Tables): MaybePromise<void> {
    const store = this.#store
    if (!store) return
    const tables = listOf(written)
    const failed = (error: unknown): never => {
      this.#doubts.begin(tables)
      throw error
    }
    try {
      const bumped = store.bump(tables)
      return isPromise(bumped) ? bumped.catch(failed) : bumped
    } catch (error) {
      return failed(error)
    }
  }

  #failed(tables: Tables, error: unknown): MaybePromise<never> {
    // The server may run it after the connection is gone.
    if (error instanceof errors.ConnectionLost) this.#doubts.begin(listOf(tables))
    const fail = (): never => {
      throw error
    }
    // What the write failed with says more than what the store fails with, for which there is a doubt by then.
    try {
      const bumped = this.#written(tables)
      return isPromise(bumped) ? bumped.then(fail, fail) : fail()
    } catch {
      return fail()
    }
  }

  /** Gives new versions to the tables whose doubts ran out. */
  #settle(tables: readonly string[]): MaybePromise<void> {
    const over = this.#doubts.over(tables)
    if (over.length === 0) return
    return chained(this.invalidate(over), () => this.#doubts.settled(over))
  }

  #fill(store: NamespacedStore, key: string, ttl: number, read: () => MaybePromise<Rows>): MaybePromise<Rows> {
    const running = this.#running.get(key)
    // Its failure is its caller's, whose signal may have ended it.
    if (running)
      return running.then(
        (rows) => [...rows],
        () => read(),
      )
    const outcome = chained(read(), (rows) => chained(store.set(key, [...rows], ttl), () => rows))
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

/** The cache of a database; it keeps answers in the memory of this process where nothing else was said. */
export function cacheOf(database: Database): QueryCache {
  const known = caches.get(database)
  if (known) return known
  const cache = new QueryCache(database)
  caches.set(database, cache)
  return cache
}

/**
 * Gives a database the store of its cached queries. `namespace` is the name of the data in the store: the same in all
 * processes that use the same database, another for every other database. @default one of this `Database` alone, for a
 * store of this process
 * @throws {InvalidQueryError} when a store of several processes is used without a namespace
 */
export function useQueryCache(database: Database, store: QueryCacheStore, { namespace }: { readonly namespace?: string } = {}): void {
  if (namespace === undefined && store.local !== true)
    throw new InvalidQueryError(
      'useQueryCache() takes a namespace with a store of several processes: useQueryCache(db, store, { namespace }). Give the same one to every process of this database, and another one to every other database.',
    )
  cacheOf(database).use(store, namespace ?? randomUUID())
}

/** Says that tables were written by other means than models: by SQL, or by another program. */
export async function invalidateQueries(database: Database, tables: readonly string[]): Promise<void> {
  await cacheOf(database).invalidate(tables)
}

function listOf(tables: Tables): readonly string[] {
  return typeof tables === 'function' ? tables() : tables
}
