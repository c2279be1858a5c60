import { setImmediate as turn } from 'node:timers/promises'
import type BetterSqlite from 'better-sqlite3'
import {
  type BeginOptions,
  BoundedCache,
  type Connection,
  errors,
  type MaybePromise,
  type Result,
  type ServerInfo,
  type Statement,
} from '@covet/db'
import { bind } from './bind.ts'
import { againWhileBusy } from './busy.ts'
import { mapError } from './map-error.ts'
import { Prepared } from './prepared.ts'
import type { ReadLock } from './read-lock.ts'

const rowsPerTurn = 256

export interface SqliteConnectionOptions {
  /** Milliseconds. */
  readonly busyTimeout: number
  readonly statementCache: number
  /** Opened for reading only. */
  readonly readOnly: boolean
  /** What the connections of one file share. */
  readonly readLock?: ReadLock | undefined
}

/** A connection of better-sqlite3 behind the contract of `@covet/db`: answers at once unless it has to wait for a lock. */
export class SqliteConnection implements Connection {
  readonly server: ServerInfo
  readonly #db: BetterSqlite.Database
  readonly #options: SqliteConnectionOptions
  readonly #statements: BoundedCache<Prepared>
  /** Held while this connection reads, and let go before it writes: it only ever does one of the two. */
  readonly #reading: ReadLock | undefined
  readonly #writing: ReadLock | undefined
  /** Of the streams that are open. */
  readonly #iterators = new Set<Generator<unknown>>()
  /** A connection that can write is read-only for the length of one transaction. */
  #queryOnly = false
  /** What waits for the lock of another process. */
  #waiting = 0

  constructor(db: BetterSqlite.Database, options: SqliteConnectionOptions) {
    this.server = serverOf(db)
    this.#db = db
    this.#options = options
    this.#statements = new BoundedCache(options.statementCache)
    options.readLock?.join()
    this.#reading = options.readOnly ? options.readLock : undefined
    this.#writing = options.readOnly ? undefined : options.readLock
  }

  get isOpen(): boolean {
    return this.#db.open
  }

  get isBusy(): boolean {
    return this.#waiting > 0
  }

  get transactionStatus(): 'idle' | 'open' {
    return this.#db.inTransaction ? 'open' : 'idle'
  }

  execute(statement: Statement, signal?: AbortSignal): MaybePromise<Result<unknown>> {
    const { text, params, rowMode = 'object', firstOnly = false, valuesAsGiven = false } = statement
    this.#reading?.reading()
    this.#writing?.release()
    // SQLite compares 5.0 with a key as it does 5, and a double is bound in half the time of a bigint.
    const bound = valuesAsGiven ? params : bind(params)
    // The engine may have rolled a read-only transaction back on its own.
    if (this.#queryOnly && !this.#db.inTransaction) this.#setQueryOnly(false)
    // Every query comes by: a closure for the attempt that fails, and none for the one that works, is a twentieth of a query by key.
    try {
      return this.#prepare(text).run(bound, rowMode, firstOnly, statement)
    } catch (error) {
      return this.#again(() => this.#prepare(text).run(bound, rowMode, firstOnly, statement), error, text, signal)
    }
  }

  isReadOnly(text: string): boolean {
    try {
      return this.#prepare(text).readOnly
    } catch (error) {
      throw this.#mapped(error, text)
    }
  }

  async *stream(statement: Statement, signal?: AbortSignal): AsyncGenerator<unknown> {
    const { text, params, rowMode = 'object' } = statement
    let read = 0
    let rows: Generator<unknown> | undefined
    this.endStreams()
    this.#writing?.release()
    try {
      rows = this.#prepare(text).iterate(bind(params), rowMode, statement)
      this.#iterators.add(rows)
      for (const row of rows) {
        yield row
        read += 1
        // A consumer that never waits would keep the event loop from everything else.
        if (read % rowsPerTurn === 0) await turn(undefined, { signal })
        signal?.throwIfAborted()
      }
      // What was closed or ended meanwhile looks as if it had come to its end.
      if (!this.#db.open) throw new errors.ConnectionLost({ statement: text })
      if (!this.#iterators.has(rows)) throw new errors.StreamEndedError({ statement: text })
    } catch (error) {
      throw signal?.aborted ? signal.reason : this.#mapped(error, text)
    } finally {
      if (rows) this.#iterators.delete(rows)
    }
  }

  /** While one is open, the driver runs nothing that writes, and nothing at all of the same text. */
  endStreams(): void {
    for (const rows of this.#iterators) {
      this.#iterators.delete(rows)
      rows.return(undefined)
    }
  }

  async script(text: string, signal?: AbortSignal): Promise<void> {
    this.#writing?.release()
    // Half a script cannot be run again, so the wait for another process comes before it.
    if (!this.#db.inTransaction) await this.#control('begin immediate', () => this.#db.exec('rollback'), signal)
    try {
      // What came before a statement that meets a lock is done, and the whole not to be run again: here SQLite itself waits.
      this.#db.pragma(`busy_timeout = ${this.#options.busyTimeout}`)
      this.#db.exec(text)
    } catch (error) {
      throw this.#mapped(error, undefined)
    } finally {
      this.#db.pragma('busy_timeout = 0')
    }
  }

  begin({ readOnly, signal }: BeginOptions): MaybePromise<void> {
    return this.#control(readOnly ? 'begin' : 'begin immediate', () => this.#setQueryOnly(readOnly && !this.#options.readOnly), signal)
  }

  commit(): MaybePromise<boolean> {
    if (!this.#db.inTransaction) return false
    this.#writing?.release()
    return this.#attempt(() => {
      this.#db.exec('commit')
      this.#setQueryOnly(false)
      return true
    })
  }

  rollback(): MaybePromise<void> {
    return this.#control('rollback', () => this.#setQueryOnly(false))
  }

  savepoint(name: string): MaybePromise<void> {
    return this.#control(`savepoint ${name}`)
  }

  rollbackTo(name: string): MaybePromise<void> {
    return this.#control(`rollback to ${name}`)
  }

  release(name: string): MaybePromise<void> {
    return this.#control(`release ${name}`)
  }

  close(): void {
    if (!this.#db.open) return
    try {
      // The driver closes nothing beneath a statement that has not ended.
      this.endStreams()
      this.#options.readLock?.leave()
      if (!this.#options.readOnly && !this.#db.inTransaction) this.#db.pragma('wal_checkpoint(truncate)')
    } finally {
      this.#db.close()
    }
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text)
    if (known) return known
    const prepared = new Prepared(this.#db, text)
    this.#statements.set(text, prepared)
    return prepared
  }

  #control(text: string, then?: () => void, signal?: AbortSignal): MaybePromise<void> {
    return this.#attempt(
      () => {
        this.#db.exec(text)
        then?.()
      },
      undefined,
      signal,
    )
  }

  #setQueryOnly(on: boolean): void {
    if (this.#queryOnly === on) return
    this.#db.pragma(`query_only = ${on ? 'on' : 'off'}`)
    this.#queryOnly = on
  }

  #attempt<T>(work: () => T, text?: string, signal?: AbortSignal): MaybePromise<T> {
    try {
      return work()
    } catch (error) {
      return this.#again(work, error, text, signal)
    }
  }

  #again<T>(work: () => T, first: unknown, text?: string, signal?: AbortSignal): Promise<T> {
    let waiting: Promise<T>
    try {
      waiting = againWhileBusy(work, { timeout: this.#options.busyTimeout, signal }, first)
    } catch (error) {
      throw this.#mapped(error, text)
    }
    return this.#waited(waiting, text, signal)
  }

  async #waited<T>(waiting: Promise<T>, text: string | undefined, signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1
    try {
      return await waiting
    } catch (error) {
      throw signal?.aborted ? signal.reason : this.#mapped(error, text)
    } finally {
      this.#waiting -= 1
    }
  }

  #mapped(error: unknown, text: string | undefined): Error {
    const readOnly = this.#options.readOnly || this.#queryOnly
    return mapError(error, { readOnly, db: this.#db, ...(text !== undefined && { statement: text }) })
  }
}

function serverOf(db: BetterSqlite.Database): ServerInfo {
  const version = String(db.prepare('select sqlite_version()').pluck().get())
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return { product: 'SQLite', version: [major, minor, patch] }
}
