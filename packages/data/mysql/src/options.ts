import { type Duration, Secret, toMilliseconds } from '@covet/core'
import { type ConnectionOptions, resolveTimeout } from '@covet/db'
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
  /** How long the server may take to answer a cancellation before the connection is given up. @default '2s' */
  cancelTimeout?: Duration
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
  readonly cancelTimeout: number
  readonly prepare: boolean
  readonly statementCache: number
  readonly allowImplicitCommit: boolean
}

/** @throws {InvalidMysqlOptionError} */
export function resolveMysqlOptions(options: MysqlOptions): ResolvedMysqlOptions {
  const { prepare = 'auto', statementCache = 256, replicas = [], allowImplicitCommit = false } = options
  if (prepare !== 'auto' && prepare !== 'never') throw new InvalidMysqlOptionError('prepare', prepare, "'auto' or 'never'")
  if (!isWhole(statementCache, 1)) throw new InvalidMysqlOptionError('statementCache', statementCache, 'a whole number, 1 or more')
  const primary = { ...parseUrl(options.url), ...partsOf(options) }
  const { user, password, database } = primary
  const shared = partsOf({ user, password, database })
  return {
    primary: resolveTarget(primary, options.ssl),
    replicas: replicas.map(({ url, weight, ...address }) => ({
      ...resolveTarget({ ...shared, ...parseUrl(url), ...partsOf(address) }, options.ssl),
      weight: resolveWeight(weight),
    })),
    statementTimeout: resolveTimeout('statementTimeout', options.statementTimeout ?? '30s'),
    lockTimeout: toMilliseconds(options.lockTimeout ?? '10s'),
    idleInTransactionTimeout: toMilliseconds(options.idleInTransactionTimeout ?? '60s'),
    connectTimeout: atLeastOne('connectTimeout', options.connectTimeout ?? '10s'),
    cancelTimeout: atLeastOne('cancelTimeout', options.cancelTimeout ?? '2s'),
    prepare: prepare === 'auto',
    statementCache,
    allowImplicitCommit,
  }
}

function atLeastOne(option: string, value: Duration): number {
  const ms = resolveTimeout(option, value)
  if (ms < 1) throw new InvalidMysqlOptionError(option, `${ms} ms`, '1 ms or more')
  return ms
}

/** Where a server is and who logs in there, as far as it is said. */
interface Parts extends MysqlAddress {
  user?: string
  password?: string | Secret
  database?: string
}

function resolveTarget({ host = '127.0.0.1', port = 3306, socketPath, user, password, database }: Parts, ssl: MysqlOptions['ssl']): Target {
  if (!isWhole(port, 1) || port > 65_535) throw new InvalidMysqlOptionError('port', port, 'a port')
  return {
    name: socketPath ?? `${host.includes(':') ? `[${host}]` : host}:${port}`,
    host,
    port,
    socketPath,
    user,
    password: toSecret(password),
    database,
    tls: resolveTls(ssl, { host, socketPath }),
  }
}

function parseUrl(value: string | Secret | undefined): Parts {
  if (value === undefined) return {}
  const url = URL.parse(typeof value === 'string' ? value : value.reveal())
  // The URL itself stays out of the message: it may hold a password.
  if (!url || (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:')) {
    throw new InvalidMysqlOptionError('url', 'not a mysql URL', '`mysql://user:password@host:3306/database`')
  }
  const [parameter] = url.searchParams.keys()
  if (parameter !== undefined) throw new InvalidMysqlOptionError(`url: ?${parameter}`, 'not known', 'an option of its own, beside `url`')
  const part = (text: string): string | undefined => (text === '' ? undefined : decodeURIComponent(text))
  return partsOf({
    host: part(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? undefined : Number(url.port),
    user: part(url.username),
    password: part(url.password),
    database: part(url.pathname.slice(1)),
  })
}

/** Those that are said: to be spread over others, which they win over. */
function partsOf({ host, port, socketPath, user, password, database }: { [Key in keyof Parts]?: Parts[Key] | undefined }): Parts {
  const parts = { host, port, socketPath, user, password, database }
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Parts
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
