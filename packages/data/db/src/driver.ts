import type { Dialect } from 'kysely'
import type { MaybePromise } from './maybe-promise.ts'

export interface Statement {
  /** One SQL statement, with the driver's placeholders. */
  readonly text: string
  readonly params: readonly unknown[]
  /** `array`: each row is an array of its columns' values in order. @default 'object' */
  readonly rowMode?: 'object' | 'array'
}

export interface Result<Row = Record<string, unknown>> {
  /** Empty when the statement returns no rows. */
  readonly rows: Row[]
  /** Rows inserted, updated or deleted; 0 for a statement that only reads. */
  readonly changes: number
  /** The key the engine gave to the last inserted row, where the engine tells it with the answer. */
  readonly lastInsertId?: number | bigint
}

/** Ordered from weakest to strongest. A driver gives the asked one or a stronger one. */
export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'

export interface BeginOptions {
  readonly readOnly: boolean
  readonly isolation?: IsolationLevel
  readonly signal?: AbortSignal
}

/**
 * One connection, used by one piece of work at a time: the caller sees to that. Every method fails with a
 * `DatabaseError`, so that the taxonomy is the same over all drivers. A driver that has its answer at once returns it
 * at once.
 */
export interface Connection {
  /**
   * Runs one statement. A statement that begins or ends a transaction is refused with `TransactionControlError`:
   * transactions are begun by the methods below only.
   */
  execute(statement: Statement, signal?: AbortSignal): MaybePromise<Result<unknown>>
  /** Whether the statement reads only, and nothing of the session, so that any reader may run it. */
  isReadOnly(text: string): boolean
  /** The rows one by one. The connection does nothing else until the iteration ends. */
  stream(statement: Statement, signal?: AbortSignal): AsyncIterable<unknown> | Iterable<unknown>
  /** Runs any number of statements without parameters. */
  script(text: string): MaybePromise<void>
  begin(options: BeginOptions): MaybePromise<void>
  /** False when the engine rolled back instead of committing, which PostgreSQL does without an error. */
  commit(): MaybePromise<boolean>
  rollback(): MaybePromise<void>
  savepoint(name: string): MaybePromise<void>
  rollbackTo(name: string): MaybePromise<void>
  release(name: string): MaybePromise<void>
  /** `failed`: open, but accepts nothing but a rollback (to a savepoint). Costs no round trip. */
  readonly transactionStatus: 'idle' | 'open' | 'failed'
  /** A writer leaves its data in order; a second call does nothing. */
  close(): MaybePromise<void>
}

/** What a connection is opened for. A driver whose connections are all alike has writers only. */
export type Role = 'writer' | 'reader' | 'stream'

/** What a database engine is to `db`: the only thing a driver package implements. */
export interface Driver {
  /** `sqlite`, `postgres`, `mysql` … */
  readonly dialect: string
  /** Connections at most, per role. Without readers the writers read, without streams a stream is read at once. */
  readonly limits: Readonly<Record<Role, number>>
  /** What a transaction gets that asks for nothing. */
  readonly defaultIsolation: IsolationLevel
  /** A statement that reaches the stored data and is cheap. */
  readonly healthQuery: string
  connect(role: Role): MaybePromise<Connection>
  /** The placeholder of the n-th parameter, counted from 1. */
  placeholder(position: number): string
  quoteIdentifier(name: string): string
  /** The engine's part of a kysely dialect; `db` brings the driver. */
  readonly kysely: Pick<Dialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'>
}
