import { type Duration, Secret, toMilliseconds } from '@covet/core'
import type { ConnectionOptions } from '@covet/db'
import { InvalidMysqlOptionError } from './errors.ts'
import { resolveTls, type MysqlTlsOptions, type ResolvedTls } from './tls.ts'

/** Where a server is, when no URL says it. */
export interface MysqlAddress {
  /** @default '127.0.0.1' */
  host?: string
  /** @default 3306 */
  port?: number
  /** The path of a Unix socket, instead of host and port. */
  socketPath?: string
}

export interface MysqlReplica extends MysqlAddress {
  /** `mysql://host:port`; user, password and database are those of the primary unless it names others. */
  url?: string
  /** The share of the reads it takes beside the other replicas. @default 1 */
  weight?: number
}

export interface MysqlOptions extends ConnectionOptions, MysqlAddress {
  /** `mysql://user:password@host:3306/database`; the options beside it win over its parts. */
  url?: string | Secret
  user?: string
  password?: string | Secret
  database?: string
  /** Servers that follow the primary. @default none */
  replicas?: readonly MysqlReplica[]
  /**
   * TLS. `true` or an object: always, and verified. `false`: never. @default verified, except over a Unix socket or to
   * this machine, where there is none
   */
  ssl?: boolean | MysqlTlsOptions
  /** How long a statement may run. `0` is without end. @default '30s' */
  statementTimeout?: Duration
  /** How long a statement waits for a lock on rows or on a table's definition, in whole seconds, rounded up. @default '10s' */
  lockTimeout?: Duration
  /** How long a transaction may do nothing before the server ends its connection. MariaDB only. `0` is without end. @default '60s' */
  idleInTransactionTimeout?: Duration
  /** How long opening a connection may take. @default '10s' */
  connectTimeout?: Duration
  /**
   * `auto`: a text is prepared on the server when it is used a third time on a connection. `never`: behind a proxy that
   * gives each transaction another connection. @default 'auto'
   */
  prepare?: 'auto' | 'never'
  /** Prepared statements kept per connection; the server has a limit for all of them together. @default 256 */
  statementCache?: number
  /**
   * Lets statements that commit on their own, such as ALTER TABLE, run inside a transaction: what came before them is
   * committed, what follows is in a new transaction. @default false
   */
  allowImplicitCommit?: boolean
}

/** One server and how to log in. */
export interface Target {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly socketPath: string | undefined
  readonly user: string | undefined
  readonly password: Secret | undefined
  readonly database: string | undefined
  readonly tls: ResolvedTls | undefined
}

export interface ResolvedMysqlOptions {
  readonly primary: Target
  readonly replicas: readonly (Target & { readonly weight: number })[]
  readonly statementTimeout: number
  readonly lockTimeout: number
  readonly idleInTransactionTimeout: number
  readonly connectTimeout: number
  readonly prepare: boolean
  readonly statementCache: number
  readonly allowImplicitCommit: boolean
}

/** @throws {InvalidMysqlOptionError} */
export function resolveMysqlOptions(options: MysqlOptions): ResolvedMysqlOptions {
  const { prepare = 'auto', statementCache = 256, replicas = [], allowImplicitCommit = false } = options
  if (prepare !== 'auto' && prepare !== 'never') throw new InvalidMysqlOptionError('prepare', prepare, "'auto' or 'never'")
  if (!isWhole(statementCache, 1)) throw new InvalidMysqlOptionError('statementCache', statementCache, 'a whole number, 1 or more')
  return {
    primary: resolveTarget(options, options),
    replicas: replicas.map((replica) => ({ ...resolveTarget(replica, options), weight: resolveWeight(replica.weight) })),
    statementTimeout: toMilliseconds(options.statementTimeout ?? '30s'),
    lockTimeout: toMilliseconds(options.lockTimeout ?? '10s'),
    idleInTransactionTimeout: toMilliseconds(options.idleInTransactionTimeout ?? '60s'),
    connectTimeout: toMilliseconds(options.connectTimeout ?? '10s'),
    prepare: prepare === 'auto',
    statementCache,
    allowImplicitCommit,
  }
}

interface Address extends MysqlAddress {
  url?: string | Secret
}

function resolveTarget(own: Address, shared: MysqlOptions): Target {
  const at = parseUrl(own.url)
  const login = parseUrl(shared.url)
  const host = own.host ?? at.host ?? '127.0.0.1'
  const port = own.port ?? at.port ?? 3306
  if (!isWhole(port, 1) || port > 65_535) throw new InvalidMysqlOptionError('port', port, 'a port')
  const { socketPath } = own
  return {
    name: socketPath ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`),
    host,
    port,
    socketPath,
    user: (own === shared ? shared.user : undefined) ?? at.user ?? shared.user ?? login.user,
    password: toSecret((own === shared ? shared.password : undefined) ?? at.password ?? shared.password ?? login.password),
    database: (own === shared ? shared.database : undefined) ?? at.database ?? shared.database ?? login.database,
    tls: resolveTls(shared.ssl, { host, socketPath }),
  }
}

interface UrlParts {
  host?: string
  port?: number
  user?: string
  password?: string
  database?: string
}

function parseUrl(value: string | Secret | undefined): UrlParts {
  if (value === undefined) return {}
  const url = URL.parse(typeof value === 'string' ? value : value.reveal())
  // The URL itself stays out of the message: it may hold a password.
  if (!url || (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:')) {
    throw new InvalidMysqlOptionError('url', 'not a mysql URL', '`mysql://user:password@host:3306/database`')
  }
  const [parameter] = url.searchParams.keys()
  if (parameter !== undefined) throw new InvalidMysqlOptionError(`url: ?${parameter}`, 'not known', 'an option of its own, beside `url`')
  const part = (text: string): string | undefined => (text === '' ? undefined : decodeURIComponent(text))
  return withoutUndefined({
    host: part(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? undefined : Number(url.port),
    user: part(url.username),
    password: part(url.password),
    database: part(url.pathname.slice(1)),
  })
}

function withoutUndefined<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

function toSecret(value: string | Secret | undefined): Secret | undefined {
  return typeof value === 'string' ? new Secret(value) : value
}

function resolveWeight(weight = 1): number {
  if (!Number.isFinite(weight) || weight <= 0) throw new InvalidMysqlOptionError('replicas.weight', weight, 'a number above 0')
  return weight
}

function isWhole(value: number, min: number): boolean {
  return Number.isSafeInteger(value) && value >= min
}
