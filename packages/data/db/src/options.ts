import { type DeployFinding, type Duration, toMilliseconds } from '@covet/core'
import { breakerDefaults, type BreakerOptions as CircuitBreakerOptions, longestTimeout } from '@covet/resilience'
import type { Driver, IsolationLevel } from './driver.ts'
import { InvalidDatabaseOptionError } from './errors.ts'

export interface PoolOptions {
  /** Connections per node at most; an engine in this process has its own number. @default 10 */
  max?: number
  /** Connections kept open though idle. @default 0 */
  min?: number
  /**
   * How long a query or transaction waits for a connection, one that is being opened too, and a query for parallel work of
   * its own transaction. 0: it does not queue behind others, and an opening takes as long as the engine gives it. @default '10s'
   */
  acquireTimeout?: Duration
  /** An idle connection beyond `min` is closed after this. @default '30s' */
  idleTimeout?: Duration
  /** A connection is replaced when it is this old, less up to a tenth by chance so that not all go at once. @default '30m' */
  maxLifetime?: Duration
  /** Connections that one request, or one `db.run`, uses at the same time; a stream has one until it ends or is left. @default no limit */
  perScope?: number
  /** The share of acquisitions, 0 to 1, whose call site is kept for `PoolTimeout` and `leak`. @default 1, in production 0.01 */
  callSites?: number
}

export interface SlowQueryOptions {
  /** Queries that ran longer are reported as `slow`, and logged by the plugin. */
  over: Duration
  /** The share of the slow queries that is reported, 0 to 1. @default 1 */
  sample?: number
  /** `redact`: the types of the parameters; `show`: their values, which may be anybody's data. @default 'redact' */
  params?: 'redact' | 'show'
  /** Adds the plan, by EXPLAIN and never by running it, once per shape of statements and hour. @default false */
  explain?: boolean
}

/** Of connectivity failures of one node; while the breaker is open nothing is sent there. */
export type BreakerOptions = Pick<CircuitBreakerOptions, 'failures' | 'window' | 'openFor'>

export interface HealthOptions {
  /** How often each node is asked, where there are several. @default '5s' */
  every?: Duration
  /** After which a node that does not answer is down. @default '1s' */
  timeout?: Duration
  /** A replica further behind gets no reads. @default '10s' */
  maxLag?: Duration
}

export interface ReadYourWritesOptions {
  /** `lsn`: a replica proven past the write, else the primary; `primary`: the primary after a write. @default 'lsn' */
  mode?: 'lsn' | 'primary'
  /** How long a replica may take to get there. @default '200ms' */
  maxWait?: Duration
  /** When it does not. @default 'primary' */
  else?: 'primary' | 'error'
}

/** What every connection takes, whatever its engine; the engine's package adds its own. */
export interface ConnectionOptions {
  pool?: PoolOptions
  /** @default none */
  slowQuery?: SlowQueryOptions
  /** Per node; false for none. */
  breaker?: BreakerOptions | false
  health?: HealthOptions
  /** Where queries that only read go outside of transactions. @default 'primary' */
  reads?: 'primary' | 'replica'
  /** What a read on a replica sees of the writes made earlier in the same request or `db.run`. */
  readYourWrites?: ReadYourWritesOptions
  /** Whether the primary reads when no replica can. @default true */
  fallbackToPrimary?: boolean
}

/** Times in milliseconds. */
export interface ResolvedConnectionOptions {
  readonly pool: {
    readonly max: number
    readonly min: number
    readonly acquireTimeout: number
    readonly idleTimeout: number
    readonly maxLifetime: number
    readonly perScope: number
    readonly callSites: number
  }
  readonly slowQuery:
    | { readonly over: number; readonly sample: number; readonly params: 'redact' | 'show'; readonly explain: boolean }
    | undefined
  readonly breaker: { readonly failures: number; readonly window: number; readonly openFor: number } | undefined
  readonly health: { readonly every: number; readonly timeout: number; readonly maxLag: number }
  readonly reads: 'primary' | 'replica'
  readonly readYourWrites: { readonly mode: 'lsn' | 'primary'; readonly maxWait: number; readonly else: 'primary' | 'error' }
  readonly fallbackToPrimary: boolean
}

/** @throws {InvalidDatabaseOptionError} */
export function resolveConnectionOptions(options: ConnectionOptions = {}): ResolvedConnectionOptions {
  const { slowQuery, breaker = {}, reads = 'primary', fallbackToPrimary = true } = options
  return {
    pool: resolvePool(options.pool),
    slowQuery: slowQuery && resolveSlowQuery(slowQuery),
    breaker: breaker === false ? undefined : resolveBreaker(breaker),
    health: resolveHealth(options.health),
    reads: oneOf('reads', reads, ['primary', 'replica']),
    readYourWrites: resolveReadYourWrites(options.readYourWrites),
    fallbackToPrimary,
  }
}

function resolvePool({
  max = 10,
  min = 0,
  acquireTimeout = '10s',
  idleTimeout = '30s',
  maxLifetime = '30m',
  perScope = Infinity,
  callSites = process.env['NODE_ENV'] === 'production' ? 0.01 : 1,
}: PoolOptions = {}): ResolvedConnectionOptions['pool'] {
  if (perScope !== Infinity) whole('pool.perScope', perScope, 1)
  return {
    max: whole('pool.max', max, 1),
    min: whole('pool.min', min, 0, max),
    acquireTimeout: resolveTimeout('pool.acquireTimeout', acquireTimeout),
    idleTimeout: toMilliseconds(idleTimeout),
    maxLifetime: toMilliseconds(maxLifetime),
    perScope,
    callSites: share('pool.callSites', callSites),
  }
}

function resolveSlowQuery({
  over,
  sample = 1,
  params = 'redact',
  explain = false,
}: SlowQueryOptions): NonNullable<ResolvedConnectionOptions['slowQuery']> {
  return {
    over: toMilliseconds(over),
    sample: share('slowQuery.sample', sample),
    params: oneOf('slowQuery.params', params, ['redact', 'show']),
    explain,
  }
}

function resolveBreaker({
  failures = breakerDefaults.failures,
  window = breakerDefaults.window,
  openFor = breakerDefaults.openFor,
}: BreakerOptions): NonNullable<ResolvedConnectionOptions['breaker']> {
  return { failures: whole('breaker.failures', failures, 1), window: toMilliseconds(window), openFor: toMilliseconds(openFor) }
}

function resolveHealth({ every = '5s', timeout = '1s', maxLag = '10s' }: HealthOptions = {}): ResolvedConnectionOptions['health'] {
  return {
    every: resolveTimeout('health.every', every),
    timeout: resolveTimeout('health.timeout', timeout),
    maxLag: toMilliseconds(maxLag),
  }
}

function resolveReadYourWrites({
  mode = 'lsn',
  maxWait = '200ms',
  else: otherwise = 'primary',
}: ReadYourWritesOptions = {}): ResolvedConnectionOptions['readYourWrites'] {
  return {
    mode: oneOf('readYourWrites.mode', mode, ['lsn', 'primary']),
    maxWait: resolveTimeout('readYourWrites.maxWait', maxWait),
    else: oneOf('readYourWrites.else', otherwise, ['primary', 'error']),
  }
}

/** One database as an engine's package describes it: `sqlite({ … })` returns one. */
export interface ConnectionDefinition {
  readonly connection: {
    readonly driver: Driver
    readonly options: ResolvedConnectionOptions
    /** What of it should not be deployed as it is; for `covet check --deploy`. @default nothing */
    readonly findings?: readonly DeployFinding[]
  }
}

/** Several databases by name. */
export interface DatabaseOptions<Names extends string = string> {
  /** The connection that is meant when none is named. */
  default: NoInfer<Names>
  connections: Readonly<Record<Names, ConnectionDefinition>>
}

export interface TransactionOptions {
  /** This level or a stronger one. @default the engine's: SQLite serializable */
  isolation?: IsolationLevel
  /** Refuses writes; takes a reader where the engine has some. @default false */
  readOnly?: boolean
  /** `replica`: a read-only transaction on a replica that has what this request wrote. @default 'primary' */
  on?: 'primary' | 'replica'
  /**
   * How often the whole callback is run again after a serialization failure, a deadlock or a busy database, with full
   * jitter between. Does nothing in a nested transaction. @default 0
   */
  retry?: number
  /** Ends the wait for a connection and for a lock on the database. */
  signal?: AbortSignal
}

export interface QueryOptions {
  /** Ends the wait for a connection or a lock, and on a server the statement that runs. */
  signal?: AbortSignal
  /** Where a query that only reads goes, outside of transactions. @default the connection's `reads` */
  on?: 'primary' | 'replica'
}

export interface RunOptions {
  /** What `db.consistencyToken()` gave, here or in another process: reads see at least what was written before it. */
  after?: string
}

export interface CloseOptions {
  /** How long running queries and transactions may take; then they are cut. @default '10s' */
  drain?: Duration
}

const isolationLevels: readonly IsolationLevel[] = ['read uncommitted', 'read committed', 'repeatable read', 'serializable']

/**
 * Drivers put the level into the text of a statement.
 * @throws {InvalidDatabaseOptionError}
 */
export function resolveIsolation(isolation: IsolationLevel | undefined): IsolationLevel | undefined {
  return isolation === undefined ? undefined : oneOf('isolation', isolation, isolationLevels)
}

/**
 * Of a time that something waits for, in milliseconds: a timer of Node that is to wait longer does not wait at all.
 * @throws {InvalidDatabaseOptionError} above 24 days
 */
export function resolveTimeout(option: string, value: Duration): number {
  const ms = toMilliseconds(value)
  if (ms <= longestTimeout) return ms
  throw new InvalidDatabaseOptionError(option, value, '24 days at most')
}

/** @throws {InvalidDatabaseOptionError} */
export function resolveRetry(retry: number | undefined): number {
  return retry === undefined ? 0 : whole('retry', retry, 0)
}

function whole(option: string, value: number, min: number, max = Infinity): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new InvalidDatabaseOptionError(option, value, `a whole number, ${min} or more${max < Infinity ? `, ${max} at most` : ''}`)
}

function share(option: string, value: number): number {
  if (value >= 0 && value <= 1) return value
  throw new InvalidDatabaseOptionError(option, value, 'a number from 0 to 1')
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw new InvalidDatabaseOptionError(option, value, allowed.map((name) => `'${name}'`).join(' or '))
}
