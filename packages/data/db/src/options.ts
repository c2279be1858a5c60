import { type Duration, toMilliseconds } from '@covet/core'
import type { Driver, IsolationLevel } from './driver.ts'
import { InvalidDatabaseOptionError } from './errors.ts'

/** What every connection takes, whatever its engine; the engine's package adds its own. */
export interface ConnectionOptions {
  /** How long a query or transaction waits for a connection, and a query for parallel work of its own transaction. @default '10s' */
  acquireTimeout?: Duration
  /** Queries that ran longer are reported as `slow`, and logged by the plugin. @default none */
  slowQuery?: { over: Duration }
}

export interface ResolvedConnectionOptions {
  readonly acquireTimeout: number
  readonly slowQuery: { readonly over: number } | undefined
}

export function resolveConnectionOptions({ acquireTimeout = '10s', slowQuery }: ConnectionOptions = {}): ResolvedConnectionOptions {
  return {
    acquireTimeout: toMilliseconds(acquireTimeout),
    slowQuery: slowQuery && { over: toMilliseconds(slowQuery.over) },
  }
}

/** One database as an engine's package describes it: `sqlite({ … })` returns one. */
export interface ConnectionDefinition {
  readonly connection: {
    readonly driver: Driver
    readonly options: ResolvedConnectionOptions
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
  /**
   * How often the whole callback is run again after a serialization failure, a deadlock or a busy database, with full
   * jitter between. Does nothing in a nested transaction. @default 0
   */
  retry?: number
  /** Ends the wait for a connection and for a lock on the database. */
  signal?: AbortSignal
}

export interface QueryOptions {
  /** Ends the wait for a connection and for a lock on the database. */
  signal?: AbortSignal
}

export interface CloseOptions {
  /** How long running queries and transactions may take; then they are cut. @default '10s' */
  drain?: Duration
}

/** @throws {InvalidDatabaseOptionError} */
export function resolveRetry(retry: number | undefined): number {
  if (retry === undefined) return 0
  if (!Number.isSafeInteger(retry) || retry < 0) throw new InvalidDatabaseOptionError('retry', retry, 'a whole number, 0 or more')
  return retry
}
