import { token, type Token } from '@covet/core'
import type { Kysely } from 'kysely'
import type { Connection, IsolationLevel, Result, ServerInfo, Statement } from './driver.ts'
import type { DatabaseEventName, DatabaseListener } from './events.ts'
import type { NodeHealth } from './health.ts'
import type { MaybePromise } from './maybe-promise.ts'
import type { Participant, ParticipantKind } from './participant.ts'
import type { CloseOptions, QueryOptions, RunOptions, TransactionOptions } from './options.ts'
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

  /** The same, and at once where the engine answers at once: for a layer that has a promise of its own to give. */
  executeNow<Row = Record<string, unknown>>(statement: Statement, options?: QueryOptions): MaybePromise<Result<Row>>

  /**
   * The rows one by one, in the statement's row mode: from a connection of their own, or read at once where there is none,
   * inside a transaction, and of a statement that writes. Ending the iteration gives the connection back.
   */
  stream<Row = Record<string, unknown>>(statement: Statement, options?: QueryOptions): AsyncIterableIterator<Row>

  /**
   * Runs any number of statements without parameters on the writer, in the ambient transaction if there is one, where a
   * script that fails is undone as a whole. Outside of one it is the engine's to say what becomes of the statements before
   * the one that failed: PostgreSQL undoes them, back to the last `commit` of the script itself; SQLite, MySQL and MariaDB
   * keep them. A transaction that the script began and did not come to end is undone on all of them.
   * @throws {UnbalancedScriptError} when it begins or ends a transaction without the other
   */
  script(text: string, options?: QueryOptions): Promise<void>

  /**
   * Runs `work` in a transaction that every query of this database started inside joins; commits when it resolves, rolls
   * back when it rejects. Inside another one it is a savepoint, and the options are those of the outermost, the signal apart.
   */
  transaction<T>(work: () => T | PromiseLike<T>, options?: TransactionOptions): Promise<T>

  /**
   * Lends a connection of the primary to `work`, for what only the driver's contract offers; inside a transaction the
   * transaction's. A transaction that `work` leaves open is rolled back and reported as `leak`; a stream is ended, and
   * who reads on gets `QueryFailed`.
   */
  withConnection<T>(work: (connection: Connection) => MaybePromise<T>, options?: QueryOptions): Promise<T>

  /**
   * Runs `work` in a transaction that is undone in the end, for tests. Inside, transactions are savepoints whose
   * `afterCommit` hooks run as if they had been the outermost, and `detached` work joins what is open.
   * @throws {SandboxRefused} inside a transaction
   */
  sandbox<T>(work: () => T | PromiseLike<T>): Promise<T>

  /** Runs `work` outside the transaction around it, on connections of its own. */
  detached<T>(work: () => T | PromiseLike<T>): Promise<T>

  /** Calls `hook` once after the outermost commit, never after a rollback; at once outside a transaction. */
  afterCommit(hook: () => unknown): void

  /**
   * How a layer above takes part in the innermost transaction or savepoint around the caller: the one of that kind, which
   * hears of its end. Undefined outside of transactions, and directly inside `sandbox`.
   */
  participant<P extends Participant>(kind: ParticipantKind<P>): P | undefined

  /**
   * Runs `work` with this database as the ambient one, for code that asks for {@link currentDatabase}. Outside of a
   * request it is also the span in which reads on replicas see the writes before them.
   * @throws {InvalidConsistencyToken}
   */
  run<T>(work: () => T, options?: RunOptions): T

  /** A token that covers every commit so far: opaque, safe in a cookie or header, for `run` in a later request. */
  consistencyToken(options?: QueryOptions): Promise<string>

  /** Whether the caller is inside a transaction of this database. */
  readonly inTransaction: boolean

  /** Whether the caller is inside `sandbox`, where nothing that is read or written stays. */
  readonly inSandbox: boolean

  /** A kysely whose queries obey the ambient transaction and use the same connections. */
  kysely<Tables>(): Kysely<Tables>

  /** @returns a function that takes the listener off again */
  on<Name extends DatabaseEventName>(event: Name, listener: DatabaseListener<Name>): () => void

  /** @throws {UnknownConnectionError} */
  connection(name: string): Database

  /** Which server answers. Opens a connection the first time. */
  server(): MaybePromise<ServerInfo>

  /** The nodes of all connections created together. No node takes longer than its `health.timeout`. */
  health(options?: QueryOptions): Promise<readonly NodeHealth[]>

  /** Opens each connection once, so that what is wrong shows now. */
  connect(): Promise<void>

  /** Lets running queries and transactions end, then closes all connections created together. */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export const Database: Token<'database', Database> = token('database')
