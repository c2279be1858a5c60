import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyParts } from './fastify-parts.ts'
import type { LoggerOptions, ResolvedServerOptions } from './options.ts'

const censor = '[redacted]'

/** Never written, whatever object they are in, up to one level deep; deeper ones are named by the application. */
const redactedNames = [
  'authorization',
  'cookie',
  'password',
  'passwd',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'api_key',
  'access_token',
  'refresh_token',
  'client_secret',
]
const redactedPaths: readonly string[] = [
  ...redactedNames.flatMap((name) => [name, `*.${name}`]),
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["proxy-authorization"]',
  'res.headers["set-cookie"]',
  'headers["set-cookie"]',
]

/**
 * `password=hunter2`, `token: abc`, `"secret":"two words"`, and the credentials of a URL. The text may be a client's, of
 * any length: no part can match the same characters in more than one way.
 */
const assignedSecret =
  /((?:password|passwd|pwd|secret|token|api[_-]?key|authorization)["']?\s{0,8}[=:]\s{0,8})(?:"[^"]*"?|'[^']*'?|(?:(?:Bearer|Basic)\s{1,8})?[^\s"'&,;]+)/gi
const urlCredentials = /(\w:\/\/[^\s:/@]*:)[^\s@/]+@/g

/** Masks what looks like a secret in free text, such as an error's message. */
export function redactText(text: string): string {
  return text.replace(assignedSecret, `$1${censor}`).replace(urlCredentials, `$1${censor}@`)
}

/** The application's logger; nothing when logging is off. */
export function createLogger(option: ResolvedServerOptions['logger'], { pino }: FastifyParts): FastifyBaseLogger | undefined {
  if (option === false) return undefined
  if (typeof option === 'object' && 'child' in option) return option
  const { level = 'info', redact = [], sink }: LoggerOptions = option === true ? {} : option
  return pino(
    {
      level,
      redact: { paths: [...redactedPaths, ...redact], censor },
      serializers: { err: (error: unknown) => serializeError(error, pino.stdSerializers.err) },
      hooks: { logMethod: redactMessage },
    },
    sink,
  )
}

/** pino repeats the message of an error that is logged without one, as it is. */
function redactMessage(this: FastifyBaseLogger, args: unknown[], write: (...args: unknown[]) => void): void {
  const [first, message] = args
  const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err
  if (message !== undefined || !(error instanceof Error)) write.apply(this, args)
  else write.call(this, first === error ? { err: error } : first, redactText(error.message))
}

function serializeError(error: unknown, standard: (error: Error) => Record<string, unknown>): unknown {
  if (!(error instanceof Error)) return error
  const serialized: Record<string, unknown> = { ...standard(error) }
  for (const [key, value] of Object.entries(serialized)) if (typeof value === 'string') serialized[key] = redactText(value)
  return serialized
}

/** A request's logger, which becomes a child of the application's at its first line: most requests write none. */
class RequestLogger implements FastifyBaseLogger {
  readonly #root: FastifyBaseLogger
  readonly #request: FastifyRequest
  #child: FastifyBaseLogger | undefined

  constructor(root: FastifyBaseLogger, request: FastifyRequest) {
    this.#root = root
    this.#request = request
  }

  get #own(): FastifyBaseLogger {
    const { logLevel } = this.#request.routeOptions
    return (this.#child ??= this.#root.child({ reqId: this.#request.id }, logLevel ? { level: logLevel } : {}))
  }

  get level(): string {
    return this.#own.level
  }

  set level(level: string) {
    this.#own.level = level
  }

  child(...args: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#own.child(...args)
  }

  get fatal(): FastifyBaseLogger['fatal'] {
    return this.#own.fatal.bind(this.#own)
  }
  get error(): FastifyBaseLogger['error'] {
    return this.#own.error.bind(this.#own)
  }
  get warn(): FastifyBaseLogger['warn'] {
    return this.#own.warn.bind(this.#own)
  }
  get info(): FastifyBaseLogger['info'] {
    return this.#own.info.bind(this.#own)
  }
  get debug(): FastifyBaseLogger['debug'] {
    return this.#own.debug.bind(this.#own)
  }
  get trace(): FastifyBaseLogger['trace'] {
    return this.#own.trace.bind(this.#own)
  }
  get silent(): FastifyBaseLogger['silent'] {
    return this.#own.silent.bind(this.#own)
  }
}

/** Gives a request and its reply their logger. */
export function logThrough(root: FastifyBaseLogger, request: FastifyRequest, reply: FastifyReply): void {
  request.log = reply.log = new RequestLogger(root, request)
}
