import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import type { ServerOptions as HttpsOptions } from 'node:https'
import { token, type Token } from './token.ts'
import { type Duration, toMilliseconds } from './duration.ts'
import { UnsupportedOptionError } from './errors.ts'
import { UnsafeTrustProxyError } from './http-errors.ts'
import { type Size, toBytes } from './size.ts'

export type Mode = 'development' | 'production' | 'test'

/** The mode `createApp` runs in. In plain Fastify nobody provides it: {@link modeOf} tells. */
export const AppMode: Token<'mode', Mode> = token('mode')

export interface LoggerOptions {
  /** @default 'info' */
  level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Paths whose values are never written, beside the built-in ones, in pino's syntax: `'user.email'`, `'*.iban'`. */
  redact?: readonly string[]
  /** Where lines of JSON go. @default the standard output */
  sink?: { write(line: string): void }
}

export interface JsonLimits {
  /** How deep objects and arrays may nest. @default 32 */
  depth?: number
  /** How many members one object may have. @default 1000 */
  members?: number
}

export interface DrainOptions {
  /** How long the application goes on serving after readiness turned off, before it stops listening. @default 0 */
  delay?: Duration
  /** After that long, requests still running are cut and the process exits with 75. @default '25s' */
  deadline?: Duration
}

type Replaced =
  | 'bodyLimit'
  | 'connectionTimeout'
  | 'handlerTimeout'
  | 'keepAliveTimeout'
  | 'logger'
  | 'maxRequestsPerSocket'
  | 'requestTimeout'
  | 'trustProxy'

/** What `createApp` decides itself: such an option is refused, by the compiler and at boot, rather than ignored. */
const decided = [
  'childLoggerFactory',
  'clientErrorHandler',
  'disableRequestLogging',
  'frameworkErrors',
  'genReqId',
  'http2',
  'logController',
  'loggerInstance',
  'onConstructorPoisoning',
  'onProtoPoisoning',
  'querystringParser',
  'requestIdLogLabel',
  'return503OnClosing',
  'rewriteUrl',
  'schemaController',
] as const
type Decided = (typeof decided)[number]

/** The HTTP defaults and whatever else Fastify takes. */
export interface ServerOptions extends Omit<FastifyServerOptions, Replaced | Decided> {
  /** Serve TLS, with these options of node:https. */
  https?: HttpsOptions | null
  /** Development shows error pages, production refuses what would lose data, test is silent. @default what {@link modeOf} reads from NODE_ENV */
  mode?: Mode
  /** @default true, but false in test mode */
  logger?: boolean | LoggerOptions | FastifyBaseLogger
  /** Writes one line for each answered request. @default false: it costs about a quarter of a small request's time */
  requestLog?: boolean
  /** Hosts this server answers for, without a port unless it matters. @default any valid host */
  allowedHosts?: readonly string[]
  /** Proxies whose `X-Forwarded-*` are believed: addresses, CIDR ranges, or a function of address and hop. @default none */
  trustProxy?: readonly string[] | ((address: string, hop: number) => boolean)
  /** Largest body. @default '1MB' */
  bodyLimit?: Size
  jsonLimits?: JsonLimits
  /** Time to receive a whole request. @default '30s' */
  requestTimeout?: Duration
  /** Time to receive the headers. @default '15s' */
  headersTimeout?: Duration
  /** How often the two above are checked. @default '5s' */
  connectionsCheckingInterval?: Duration
  /** How long an idle connection is kept. @default '72s' */
  keepAliveTimeout?: Duration
  /** Time to answer; also the longest a response may stand still while the client does not read. 0 turns it off. @default '30s' */
  handlerTimeout?: Duration
  /** Requests on one connection before it is closed. @default 10_000 */
  maxRequestsPerSocket?: number
  /** Open connections at once. @default 10_000 */
  maxConnections?: number
  /** Header fields in a request. @default 100 */
  maxHeaders?: number
  /** Bytes of a request's header section. @default '16KB' */
  maxHeaderSize?: Size
  /** Length of a request's URL. @default '8KB' */
  maxUrlLength?: Size
  /** Pairs in a query string. @default 100 */
  maxQueryPairs?: number
  /** Length of one path parameter; a longer one is answered with 414. @default 100 */
  maxParamLength?: number
  drain?: DrainOptions
  /** Drain on SIGTERM and SIGINT, and on errors nobody caught, from `listen` on. @default true, but false in test mode */
  signals?: boolean
}

/** Durations in milliseconds, sizes in bytes. */
export interface ResolvedServerOptions extends Record<DurationOption | SizeOption | CountOption, number> {
  mode: Mode
  logger: boolean | LoggerOptions | FastifyBaseLogger
  requestLog: boolean
  signals: boolean
  allowedHosts: readonly string[]
  trustProxy: readonly string[] | ((address: string, hop: number) => boolean) | undefined
  jsonLimits: Required<JsonLimits>
  drain: { delay: number; deadline: number }
  fastify: FastifyServerOptions
}

type DurationOption = 'requestTimeout' | 'headersTimeout' | 'connectionsCheckingInterval' | 'keepAliveTimeout' | 'handlerTimeout'
type SizeOption = 'bodyLimit' | 'maxHeaderSize' | 'maxUrlLength'
type CountOption = 'maxRequestsPerSocket' | 'maxConnections' | 'maxHeaders' | 'maxQueryPairs' | 'maxParamLength'

const durations: Readonly<Record<DurationOption, Duration>> = {
  requestTimeout: '30s',
  headersTimeout: '15s',
  connectionsCheckingInterval: '5s',
  keepAliveTimeout: '72s',
  handlerTimeout: '30s',
}

const sizes: Readonly<Record<SizeOption, Size>> = { bodyLimit: '1MB', maxHeaderSize: '16KB', maxUrlLength: '8KB' }

const counts: Readonly<Record<CountOption, number>> = {
  maxRequestsPerSocket: 10_000,
  maxConnections: 10_000,
  maxHeaders: 100,
  maxQueryPairs: 100,
  maxParamLength: 100,
}

/** @throws {UnsafeTrustProxyError | UnsupportedOptionError} and the errors of a duration or size that cannot be read */
export function resolveServerOptions(options: ServerOptions = {}, env: NodeJS.ProcessEnv = process.env): ResolvedServerOptions {
  refuseDecided(options)
  const mode = options.mode ?? modeOf(env)
  const { allowedHosts = [], drain = {}, jsonLimits, logger = mode !== 'test', requestLog = false, signals = mode !== 'test' } = options
  return {
    ...pick(durations, options, toMilliseconds),
    ...pick(sizes, options, toBytes),
    ...pick(counts, options, (count: number) => count),
    mode,
    logger,
    requestLog,
    signals,
    allowedHosts: allowedHosts.map((host) => host.toLowerCase()),
    trustProxy: safeTrustProxy(options.trustProxy),
    jsonLimits: { depth: 32, members: 1_000, ...jsonLimits },
    drain: { delay: toMilliseconds(drain.delay ?? 0), deadline: toMilliseconds(drain.deadline ?? '25s') },
    fastify: withoutOwn(options),
  }
}

function pick<K extends string, V>(
  defaults: Readonly<Record<K, V>>,
  options: Readonly<Partial<Record<NoInfer<K>, NoInfer<V>>>>,
  read: (value: V) => number,
): Record<K, number> {
  const names = Object.keys(defaults) as K[]
  return Object.fromEntries(names.map((name) => [name, read(options[name] ?? defaults[name])])) as Record<K, number>
}

/** What is left for Fastify. */
function withoutOwn(options: ServerOptions): FastifyServerOptions {
  const own = new Set([...Object.keys({ ...durations, ...sizes, ...counts }), ...otherOwn])
  return Object.fromEntries(Object.entries(options).filter(([name]) => !own.has(name)))
}

const otherOwn = ['mode', 'logger', 'requestLog', 'signals', 'allowedHosts', 'trustProxy', 'jsonLimits', 'drain']

/** NODE_ENV: none is development; a name that is neither development nor test is as careful as production. */
export function modeOf(env: NodeJS.ProcessEnv = process.env): Mode {
  const name = env['NODE_ENV'] ?? ''
  if (name === '' || name === 'development') return 'development'
  return name === 'test' ? 'test' : 'production'
}

function refuseDecided(options: object): void {
  const refused = decided.find((option) => option in options)
  if (refused) throw new UnsupportedOptionError(refused)
}

function safeTrustProxy(value: unknown): ResolvedServerOptions['trustProxy'] {
  if (value === undefined || value === false) return undefined
  if (typeof value === 'function') return value as (address: string, hop: number) => boolean
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value
  throw new UnsafeTrustProxyError(value)
}
