import { errors } from '@covet/db'
import { Client } from 'pg'
import { PostgresConnection } from './connection.ts'
import { sqlStateOf } from './map-error.ts'
import type { NodeFacts } from './node-facts.ts'
import type { ResolvedServer, ResolvedSession } from './options.ts'
import { Query } from './wire/exchange.ts'
import { insideOf } from './wire/protocol.ts'
import { keepRows } from './wire/row-parser.ts'
import { Session } from './wire/session.ts'

/**
 * A connection to a server, its session set as the rest relies on. `node` is what earlier connections have learned.
 * @throws {ConnectionFailedError}
 */
export async function openConnection(server: ResolvedServer, options: ResolvedSession, node: NodeFacts): Promise<PostgresConnection> {
  // Others open at the same time, and may have found out meanwhile.
  const knewPooler = node.isPooler
  try {
    return await open(server, options, node)
  } catch (error) {
    if (!refusesParameters(error) || knewPooler) throw openingError(error, server)
    node.notePooler('refuses settings at the start of a session')
    return openConnection(server, options, node)
  }
}

async function open(server: ResolvedServer, options: ResolvedSession, node: NodeFacts): Promise<PostgresConnection> {
  const client = clientFor(server, options, node)
  const inside = insideOf(client)
  const { connection: wire } = inside
  let version = ''
  wire.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) => {
    if (parameterName === 'server_version') version = parameterValue ?? ''
  })
  // A failure to connect is told twice: by the promise, and by events nobody would hear.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    // pg leaves the socket to the server, which may wait a minute for the rest of the conversation.
    wire.stream.destroy()
    throw error
  }
  const session = new Session(client, {
    limit: node.isPooler ? options.statementTimeout : afterTheServer(options.statementTimeout),
    patience: options.cancelTimeout,
    target: {
      host: wire.stream.remoteAddress ?? server.host,
      port: server.port,
      tls: server.tls && { servername: server.host, ...server.tls },
      processId: inside.processID,
      secretKey: inside.secretKey,
    },
  })
  try {
    node.maxConnections ??= node.isPooler ? undefined : await askMaxConnections(session)
    const known = node.maxConnections !== undefined && { maxConnections: node.maxConnections }
    return new PostgresConnection(session, { server: { product: 'PostgreSQL', version: versionOf(version), ...known }, options, node })
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Those for everybody: a few are kept for administrators. */
async function askMaxConnections(session: Session): Promise<number> {
  const text = `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int`
  const query = new Query({ name: '', text, values: [], rowMode: 'text', shape: undefined, forget: [] })
  await session.run(query)
  return Number((query.rows[0] as [string])[0])
}

/** From `15.18 (Debian 15.18-0+deb12u1)`: since 10, PostgreSQL's second number is its patch level. */
function versionOf(text: string): [number, number, number] {
  const [major = 0, minor = 0] = /^\d+(?:\.\d+)?/.exec(text)?.[0].split('.').map(Number) ?? []
  return [major, minor, 0]
}

function clientFor(server: ResolvedServer, options: ResolvedSession, node: NodeFacts): Client {
  const { host, port, user, password, database, tls, channelBinding } = server
  const client = new Client({
    host,
    port,
    user,
    database,
    ssl: tls,
    enableChannelBinding: channelBinding,
    // Asked for when the server asks: a client is not a place for a password. Without one, pg would look for files.
    password: () => password?.reveal() ?? '',
    connectionTimeoutMillis: options.connectTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  })
  const startup = startupParameters(client, options, node)
  const inside = insideOf(client)
  inside.getStartupConf = () => startup
  keepRows(inside.connection)
  return client
}

/** Dates and literals are read and written in these; poolers know them, and let them through. */
function startupParameters({ user = '', database = '' }: Client, options: ResolvedSession, node: NodeFacts): Record<string, string> {
  return {
    user,
    database,
    application_name: options.applicationName,
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    standard_conforming_strings: 'on',
    ...(!node.isPooler && {
      statement_timeout: String(options.statementTimeout),
      lock_timeout: String(options.lockTimeout),
      idle_in_transaction_session_timeout: String(options.idleInTransactionTimeout),
    }),
    ...options.settings,
  }
}

/** The server ends what takes too long itself; this is for when it, or the network, does not. */
function afterTheServer(limit: number): number {
  return limit === 0 ? 0 : limit + 1_000
}

/** PgBouncer says so of what it cannot keep when it changes the server. */
function refusesParameters(error: unknown): boolean {
  return sqlStateOf(error) === '08P01' && /unsupported startup parameter/.test(String((error as Error).message))
}

function openingError(error: unknown, { name, tls }: ResolvedServer): Error {
  if (error instanceof errors.ConnectionFailedError) return error
  return new errors.ConnectionFailedError(`${name}: ${reasonOf(error)}${advice(error, tls !== false)}`, { cause: error })
}

function reasonOf(error: unknown): string {
  const { message = '', code = '' } = error as { message?: string; code?: string }
  // Of several addresses that were tried, the message is empty.
  if (message === '') return code === '' ? 'no reason was given' : code
  return message === 'timeout expired' ? 'it did not answer in time' : message.replace(/\.$/, '')
}

function advice(error: unknown, tls: boolean): string {
  const { message = '', code = '' } = error as { message?: string; code?: string }
  if (/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_UNTRUSTED/.test(code)) return '; give its authority as `ssl.ca`'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return '; connect by a name the certificate has, or give that as `ssl.servername`'
  if (message.includes('does not support SSL')) return '; only `ssl: false` sends everything in plain text'
  if (!tls && sqlStateOf(error) === '28000' && message.includes('no encryption')) return '; it wants TLS: `ssl: true`, or ?sslmode=require'
  return ''
}
