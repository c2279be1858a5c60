import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { type Duration, Secret } from '@covet/core'
import { type ConnectionOptions, type NodeRole, resolveTimeout } from '@covet/db'
import { type ConnectionUrl, parseConnectionUrl } from './connection-url.ts'
import { InvalidPostgresOptionError } from './errors.ts'
import { type PostgresTls, resolveTls } from './tls.ts'

/** Where a server is. What is given beside the URL wins over what the URL says. */
export interface PostgresServer {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full` */
  url?: string | Secret
  /** A name, an address, or the folder of a Unix socket. @default 'localhost' */
  host?: string
  /** @default 5432 */
  port?: number
}

export interface PostgresReplica extends PostgresServer {
  /** The share of the reads it takes beside the other replicas. @default 1 */
  weight?: number
}

/** `auto` prepares what is run for the third time on a connection; `never` is for poolers that change the server between transactions. */
export type Prepare = 'auto' | 'never'

export interface PostgresOptions extends ConnectionOptions, PostgresServer {
  /** @default the account of the process */
  user?: string
  /** @default none */
  password?: string | Secret
  /** @default the user's name */
  database?: string
  /** Servers that follow the primary. User, password, database and `ssl` are those of the primary where their URL names none. */
  replicas?: readonly PostgresReplica[]
  /** False for plain text. @default verified TLS, on the loopback and a Unix socket plain text */
  ssl?: PostgresTls | boolean
  /** After which the server ends a statement; 0 for none. @default '30s' */
  statementTimeout?: Duration
  /** How long a statement waits for a lock; 0 for as long as it runs. @default 0 */
  lockTimeout?: Duration
  /** After which the server ends a connection whose transaction does nothing; 0 for none. @default '1m' */
  idleInTransactionTimeout?: Duration
  /** @default '10s' */
  connectTimeout?: Duration
  /** How long the server may take to answer a cancellation before the connection is given up. @default '2s' */
  cancelTimeout?: Duration
  /** @default 'auto' */
  prepare?: Prepare
  /** Prepared statements per connection at most. @default 256 */
  statementCache?: number
  /** Shown in pg_stat_activity. @default 'covet' */
  applicationName?: string
  /** Further parameters of each session, as `search_path`. @default none */
  settings?: Readonly<Record<string, string>>
}

/** How one server is reached. */
export interface ResolvedServer {
  /** Host and port. */
  readonly name: string
  readonly role: NodeRole
  readonly weight: number
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: Secret | undefined
  readonly database: string | undefined
  readonly tls: TlsOptions | false
  readonly channelBinding: boolean
}

/** Times in milliseconds, 0 for none. */
export interface ResolvedSession {
  readonly statementTimeout: number
  readonly lockTimeout: number
  readonly idleInTransactionTimeout: number
  readonly connectTimeout: number
  readonly cancelTimeout: number
  readonly prepare: Prepare
  readonly statementCache: number
  readonly applicationName: string
  readonly settings: Readonly<Record<string, string>>
}

export interface ResolvedPostgresOptions {
  /** The primary first. */
  readonly servers: readonly [ResolvedServer, ...ResolvedServer[]]
  readonly session: ResolvedSession
}

/** @throws {InvalidPostgresOptionError} */
export function resolvePostgresOptions(options: PostgresOptions): ResolvedPostgresOptions {
  const url = urlOf(options)
  const account = {
    user: options.user ?? url.user,
    password: secretOf(options.password) ?? secretOf(url.password),
    database: options.database ?? url.database,
  }
  const primary = resolveServer(options, url, options.ssl, { ...account, role: 'primary', weight: 1 })
  const replicas = (options.replicas ?? []).map((replica) => resolveReplica(replica, url, options.ssl, account))
  return { servers: [primary, ...replicas], session: resolveSession({ ...url, ...options }) }
}

type Account = Pick<ResolvedServer, 'user' | 'password' | 'database'>

function resolveReplica(
  replica: PostgresReplica,
  primaryUrl: ConnectionUrl,
  ssl: PostgresOptions['ssl'],
  { user, password, database }: Account,
): ResolvedServer {
  const own = urlOf(replica)
  const { weight = 1 } = replica
  if (!(weight > 0 && Number.isFinite(weight))) throw new InvalidPostgresOptionError('replicas: weight', String(weight), 'a number above 0')
  const url = own.tls.mode === undefined ? { ...own, tls: primaryUrl.tls } : own
  return resolveServer(replica, url, ssl, {
    user: own.user ?? user,
    password: secretOf(own.password) ?? password,
    database: own.database ?? database,
    role: 'replica',
    weight,
  })
}

function resolveServer(
  { host: givenHost, port: givenPort }: PostgresServer,
  url: ConnectionUrl,
  ssl: PostgresOptions['ssl'],
  rest: Account & Pick<ResolvedServer, 'role' | 'weight'>,
): ResolvedServer {
  const host = givenHost ?? url.host ?? 'localhost'
  const port = givenPort ?? url.port ?? 5432
  if (host === '' || host.includes('\0'))
    throw new InvalidPostgresOptionError('host', JSON.stringify(host), 'a name, an address or a folder')
  if (!Number.isSafeInteger(port) || port < 1 || port > 65_535) throw new InvalidPostgresOptionError('port', String(port), '1 to 65535')
  const name = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return { ...rest, name, host, port, tls: resolveTls(host, ssl, url.tls), channelBinding: url.channelBinding ?? false }
}

function urlOf({ url }: PostgresServer): ConnectionUrl {
  return url === undefined ? { tls: {} } : parseConnectionUrl(url instanceof Secret ? url.reveal() : url)
}

function secretOf(password: string | Secret | undefined): Secret | undefined {
  return typeof password === 'string' ? new Secret(password) : password
}

function resolveSession({
  statementTimeout = '30s',
  lockTimeout = 0,
  idleInTransactionTimeout = '1m',
  connectTimeout = '10s',
  cancelTimeout = '2s',
  prepare = 'auto',
  statementCache = 256,
  applicationName = 'covet',
  settings = {},
}: PostgresOptions): ResolvedSession {
  if (prepare !== 'auto' && prepare !== 'never')
    throw new InvalidPostgresOptionError('prepare', JSON.stringify(prepare), "'auto' or 'never'")
  if (!Number.isSafeInteger(statementCache) || statementCache < 2)
    throw new InvalidPostgresOptionError('statementCache', String(statementCache), 'a whole number, 2 or more')
  return {
    statementTimeout: resolveTimeout('statementTimeout', statementTimeout),
    lockTimeout: resolveTimeout('lockTimeout', lockTimeout),
    idleInTransactionTimeout: resolveTimeout('idleInTransactionTimeout', idleInTransactionTimeout),
    connectTimeout: atLeastOne('connectTimeout', connectTimeout),
    cancelTimeout: atLeastOne('cancelTimeout', cancelTimeout),
    prepare,
    statementCache,
    applicationName,
    settings,
  }
}

function atLeastOne(option: string, value: Duration): number {
  const ms = resolveTimeout(option, value)
  if (ms < 1) throw new InvalidPostgresOptionError(option, `${ms} ms`, '1 ms or more')
  return ms
}
