import { InvalidPostgresOptionError } from './errors.ts'
import type { UrlTls } from './tls.ts'

/** What a URL such as `postgres://user:password@host:5432/database?sslmode=verify-full` says. */
export interface ConnectionUrl {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly applicationName?: string
  readonly channelBinding?: boolean
  readonly tls: UrlTls
}

const known: ReadonlySet<string> = new Set([
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'application_name',
  'channel_binding',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
])

/**
 * A connection URI of libpq with one host; a Unix socket's folder stands percent-encoded in its place, or as `?host=`.
 * @throws {InvalidPostgresOptionError} also for a parameter that is not known: one that is passed over may be the one that matters
 */
export function parseConnectionUrl(text: string): ConnectionUrl {
  const url = parse(text)
  const query = url.searchParams
  for (const name of query.keys()) {
    if (!known.has(name)) throw invalid(`one with the parameter ${name}`, `one with parameters among ${[...known].join(', ')}`)
  }
  const host = query.get('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const port = query.get('port') ?? url.port
  const parts = {
    host,
    user: query.get('user') ?? decode(url.username),
    password: query.get('password') ?? decode(url.password),
    database: query.get('dbname') ?? decode(url.pathname.slice(1)),
    applicationName: query.get('application_name') ?? '',
  }
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== '')),
    ...(port !== '' && { port: Number(port) }),
    ...(query.get('channel_binding') === 'require' && { channelBinding: true }),
    tls: tlsOf(query),
  }
}

function tlsOf(query: URLSearchParams): UrlTls {
  return {
    mode: query.get('sslmode') ?? undefined,
    rootCert: query.get('sslrootcert') ?? undefined,
    cert: query.get('sslcert') ?? undefined,
    key: query.get('sslkey') ?? undefined,
  }
}

function parse(text: string): URL {
  if (!/^postgres(?:ql)?:\/\//.test(text)) throw invalid('not one of PostgreSQL', 'postgres://user:password@host:5432/database')
  if (/^[^/]+\/\/[^/]*,/.test(text)) throw invalid('one with several hosts', 'that of the primary; others are `replicas`')
  try {
    return new URL(text)
  } catch {
    // Nothing of it is shown: it holds a password.
    throw invalid('not a URL', 'postgres://user:password@host:5432/database, the password percent-encoded')
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('not percent-encoded as it should be', 'a URL in which every % stands for itself as %25')
  }
}

function invalid(shown: string, expected: string): InvalidPostgresOptionError {
  return new InvalidPostgresOptionError('url', shown, expected)
}
