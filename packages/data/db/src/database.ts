import { token, type Token } from '@covet/core'
import type { Kysely } from 'kysely'
import type { IsolationLevel, Result, Statement } from './driver.ts'
import type { DatabaseEventName, DatabaseListener } from './events.ts'
import type { NodeHealth } from './health.ts'
import type { CloseOptions, QueryOptions, TransactionOptions } from './options.ts'
import type { Sql } from './sql.ts'

/** One database, and by name those it was created together with. */
export interface Database {
  /** The connection's name. */
  readonly name: string
  /** `sqlite`, `postgres`, `mysql` … */
  readonly dialect: string
  /** What a transaction gets that asks for no isolation level. */
  readonly defaultIsolation: IsolationLevel
  readonly sql: Sql

  /** Runs one statement with the dialect's placeholders, for code that writes its SQL itself. */
  execute<Row = Record<string, unknown>>(statement: Statement, options?: QueryOptions): Promise<Result<Row>>

  /**
   * Runs any number of statements without parameters on the writer, in the ambient transaction if there is one. Outside
   * of one, what precedes a failing statement stays.
   * @throws {UnbalancedScriptError} when it begins or ends a transaction without the other
   */
  script(text: string, options?: QueryOptions): Promise<void>

  /**
   * Runs `work` in a transaction that every query of this database started inside joins; commits when it resolves, rolls
   * back when it rejects. Inside another one it is a savepoint, and the options are those of the outermost, the signal apart.
   */
  transaction<T>(work: () => T | PromiseLike<T>, options?: TransactionOptions): Promise<T>

  /** Runs `work` outside the transaction around it, on connections of its own. */
  detached<T>(work: () => T | PromiseLike<T>): Promise<T>

  /** Calls `hook` once after the outermost commit, never after a rollback; at once outside a transaction. */
  afterCommit(hook: () => unknown): void

  /** Runs `work` with this database as the ambient one, for code that asks for {@link currentDatabase}. */
  run<T>(work: () => T): T

  /** Whether the caller is inside a transaction of this database. */
  readonly inTransaction: boolean

  /** A kysely whose queries obey the ambient transaction and use the same connections. */
  kysely<Tables>(): Kysely<Tables>

  /** @returns a function that takes the listener off again */
  on<Name extends DatabaseEventName>(event: Name, listener: DatabaseListener<Name>): () => void

  /** @throws {UnknownConnectionError} */
  connection(name: string): Database

  /** The nodes of all connections created together. */
  health(options?: QueryOptions): Promise<readonly NodeHealth[]>

  /** Opens each connection once, so that what is wrong shows now. */
  connect(): Promise<void>

  /** Lets running queries and transactions end, then closes all connections created together. */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export const Database: Token<'database', Database> = token('database')
