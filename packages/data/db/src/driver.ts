import type { Dialect } from 'kysely'
import type { IntrospectOptions } from './catalog/introspect.ts'
import type { Catalog } from './catalog/types.ts'
import type { Database } from './database.ts'
import type { MaybePromise } from './maybe-promise.ts'

export interface Statement {
  /** One SQL statement, with the driver's placeholders. */
  readonly text: string
  readonly params: readonly unknown[]
  /**
   * `array`: each row is an array of its columns' values in order. `text`: the same, the values as the engine's protocol
   * has them, for callers with codecs of their own: PostgreSQL gives text, the others what `array` gives. `bytes`: what comes
   * over the network, for callers that make no objects of it: PostgreSQL gives Buffers that each hold one or more of its
   * DataRow messages, whole, one after the other, which nobody writes to again; the others what `text` gives, as does
   * PostgreSQL where its client library keeps the bytes to itself. @default 'object'
   */
  readonly rowMode?: RowMode
  /** The caller looks at the first row alone, so that a driver may leave the others unread. @default false */
  readonly firstOnly?: boolean
  /**
   * Every parameter is a value the engine takes, and a whole number among them need not arrive as an integer: the text
   * casts it, or compares it with a key of integers. A driver may pass them on unchecked. @default false
   */
  readonly valuesAsGiven?: boolean
  /**
   * Of rows as arrays, the columns that may hold integers: a driver that has to look for those beyond 2^53 need not look
   * at the others. @default all of them
   */
  readonly integerColumns?: readonly number[] | undefined
  /**
   * Those of them that the caller reads as numbers: a driver that looks for integers beyond 2^53 refuses them there with
   * `UnrepresentableValueError`, so that the caller need not look again. Others answer as ever. @default none
   */
  readonly numberColumns?: readonly number[] | undefined
}

export type RowMode = 'object' | 'array' | 'text' | 'bytes'

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
  /** Which server answers; known once the connection is open. */
  readonly server: ServerInfo
  /** Only of engines that replicate. */
  readonly replication?: Replication
  /**
   * False once the connection ended, was closed, or cannot be trusted any more: its pool closes it instead of lending it
   * again. Costs no round trip.
   */
  readonly isOpen: boolean
  /**
   * Whether a statement on it has not ended, though whoever had the connection gave it back: its pool closes it instead of
   * lending it again. Costs no round trip. Only of connections on which statements take their time.
   */
  readonly isBusy?: boolean
  /**
   * Calls `listener` once when the connection ends without `close`, whether or not something runs on it: what the server
   * or the network ended leaves the pool, and nothing is thrown at the process. Only of connections that can be lost.
   */
  onLost?(listener: (error: unknown) => void): void
  /**
   * Runs one statement. A statement that begins or ends a transaction is refused with `TransactionControlError`:
   * transactions are begun by the methods below only.
   */
  execute(statement: Statement, signal?: AbortSignal): MaybePromise<Result<unknown>>
  /**
   * Whether the statement reads only, and nothing of the session, so that any reader may run it, and run it again. A function
   * that is not known to change nothing makes it false.
   */
  isReadOnly(text: string): boolean
  /**
   * The rows one by one. The connection does nothing else until the iteration ends, unless that is what ends it: a second
   * stream gets all its rows, and the reader of the first has all of its own or gets `StreamEndedError`.
   */
  stream(statement: Statement, signal?: AbortSignal): AsyncIterable<unknown> | Iterable<unknown>
  /**
   * Ends the streams that are open on it: whoever had it may have left one, and what runs on it next must not meet it. Who
   * then reads on gets `StreamEndedError`. Only of connections that neither are busy with an open stream nor end it by themselves.
   */
  endStreams?(): MaybePromise<void>
  /** Runs any number of statements without parameters. The signal ends the one that runs, and those after it do not. */
  script(text: string, signal?: AbortSignal): MaybePromise<void>
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

/** The server behind a connection. */
export interface ServerInfo {
  /** `SQLite`, `PostgreSQL`, `MariaDB`, `MySQL` */
  readonly product: string
  /** Major, minor, patch; 0 for what the server does not tell. */
  readonly version: readonly [number, number, number]
  /** How many connections the server takes from everybody together, where it tells. */
  readonly maxConnections?: number
}

export type NodeRole = 'primary' | 'replica'

/** What `db` asks a server about its place among the others. */
export interface Replication {
  /** The observed role, whatever the configuration says, and how far a replica is behind. */
  status(signal?: AbortSignal): Promise<{ role: NodeRole; lagMs?: number }>
  /** An opaque position that covers every commit this server has answered so far: an LSN, a GTID set. */
  position(): Promise<string>
  /** Whether this server has applied the position, waiting for it at most `timeoutMs`. */
  reached(position: string, timeoutMs: number): Promise<boolean>
}

/** One server of a database. */
export interface DriverNode {
  /** Host and port, or the file's path; never credentials. */
  readonly name: string
  /** As configured. */
  readonly role: NodeRole
  /** The share of the reads a replica takes beside the others. */
  readonly weight: number
  connect(role: Role): MaybePromise<Connection>
}

/**
 * What a connection is opened for. A driver whose connections are all alike has writers only, on replicas too: whether a
 * query may run on a replica is decided by the node, not by this role.
 */
export type Role = 'writer' | 'reader' | 'stream'

/** What a database engine is to `db`: the only thing a driver package implements. */
export interface Driver {
  /** `sqlite`, `postgres`, `mysql` … */
  readonly dialect: string
  /** Connections at most, per role and node: `pool.max` of the resolved options for a server. Without readers the writers read. */
  readonly limits: Readonly<Record<Role, number>>
  /**
   * The engine runs in this process: its connections are kept whatever their age, since one may hold the data itself, and
   * neither a circuit breaker nor a monitor watches them. @default false
   */
  readonly embedded?: boolean
  /** Whose connections a stream may keep while it runs; without one it is read at once. */
  readonly streamRole?: Role
  /** What a transaction gets that asks for nothing. */
  readonly defaultIsolation: IsolationLevel
  /** A statement that reaches the stored data and is cheap. */
  readonly healthQuery: string
  /**
   * The statement that tells the plan of this one without running it, or nothing where there is none. Takes the same parameters.
   * @param measuredBy the server that is to run it, and tell what that took; nothing where the engine does not measure
   */
  explain?(text: string, measuredBy?: ServerInfo): string | undefined
  /** The configured primary first. */
  readonly nodes: readonly [DriverNode, ...DriverNode[]]
  /** The placeholder of the n-th parameter, counted from 1. */
  placeholder(position: number): string
  quoteIdentifier(name: string): string
  /** The engine's part of a kysely dialect; `db` brings the driver. */
  readonly kysely: Pick<Dialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'>
  /** Reads the schema behind `introspect` of `@covet/db/catalog`; `exclude` and `tables` may be left to the caller. */
  introspect?(database: Database, options: IntrospectOptions): Promise<Catalog>
}
