import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { rememberReply } from './context.ts'
import type { Deadlines } from './deadlines.ts'
import { ShuttingDownError } from './drain.ts'
import {
  InvalidHostError,
  InvalidQueryError,
  MethodNotAllowedError,
  MisdirectedRequestError,
  TooManyHeadersError,
  UnsupportedMediaTypeError,
  UrlTooLongError,
} from './http-errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import { logThrough } from './logging.ts'
import type { ResolvedServerOptions } from './options.ts'
import { refusedQuery } from './query.ts'
import { setResponseHeaders } from './response-headers.ts'

/** RFC 3986 §3.2.2 host, with an optional port: a name, an IPv4 address, or an IPv6 address in brackets. */
const hostSyntax = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9.])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

type EdgeOptions = Pick<ResolvedServerOptions, 'allowedHosts' | 'maxHeaders' | 'maxUrlLength' | 'trustProxy'>

export interface EdgeParts {
  deadlines: Deadlines
  lifecycle: Lifecycle
  logger: FastifyBaseLogger | undefined
}

/**
 * The first hook of every request: gives it its logger, watches its deadline and refuses what no handler should see. One hook for all of it,
 * with the host that was last found good remembered, because it runs for every request.
 */
export function attachEdge(app: FastifyInstance, options: EdgeOptions, { deadlines, lifecycle, logger }: EdgeParts): void {
  const checkHost = hostCheck(options.allowedHosts)
  const behindProxy = options.trustProxy !== undefined
  const rawHeaderLimit = options.maxHeaders * 2
  let goodHost: string | undefined

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    const { raw } = request
    rememberReply(request, reply)
    if (logger) logThrough(logger, request, reply)
    deadlines.enter(reply)
    if (lifecycle.draining) {
      reply.raw.shouldKeepAlive = false
      // A server of somebody else's, or fetch(), may go on after everything a handler needs is closed.
      if (lifecycle.state === 'closed') return done(new ShuttingDownError())
    }
    const host = raw.headers.host
    if (host !== goodHost || host === undefined) {
      const refusal = checkHost(host)
      if (refusal) return refuseWith(refusal, request, reply, done)
      goodHost = host
    }
    if (!isOriginForm(raw.url ?? '/') && routeAnew(app, request, reply)) return
    const refusal = refuse(raw, request.query, rawHeaderLimit, options) ?? (behindProxy ? checkHost(request.host) : undefined)
    if (refusal) refuseWith(refusal, request, reply, done)
    else done()
  })
}

/** Routers know the origin form only. Rewriting every request before it is routed would cost every request. */
function routeAnew(app: FastifyInstance, { raw }: FastifyRequest, reply: FastifyReply): boolean {
  const url = originForm(raw)
  if (url === undefined) return false
  reply.hijack()
  raw.url = url
  app.routing(raw, reply.raw)
  return true
}

function refuseWith(refusal: Error, request: FastifyRequest, reply: FastifyReply, done: (error: Error) => void): void {
  setResponseHeaders(request, reply)
  done(refusal)
}

function refuse(raw: IncomingMessage, query: unknown, rawHeaderLimit: number, options: EdgeOptions): Error | undefined {
  if (raw.rawHeaders.length > rawHeaderLimit) return new TooManyHeadersError(options.maxHeaders)
  const url = raw.url ?? ''
  if (url.length > options.maxUrlLength) return new UrlTooLongError(options.maxUrlLength)
  if (raw.headers['content-encoding'] !== undefined) return refuseEncoding(raw.headers['content-encoding'])
  const reason = refusedQuery(query)
  if (reason !== undefined) return new InvalidQueryError(reason)
  if (raw.method === 'TRACE') return new MethodNotAllowedError()
  // An absolute form that was not routed anew names another authority than Host.
  if (!isOriginForm(url)) return new MisdirectedRequestError()
  return undefined
}

function isOriginForm(url: string): boolean {
  return url.charCodeAt(0) === 47 || url === '*'
}

function refuseEncoding(encoding: string): Error | undefined {
  if (encoding.trim().toLowerCase() === 'identity') return undefined
  return new UnsupportedMediaTypeError('The body must come without a Content-Encoding.')
}

function hostCheck(allowedHosts: readonly string[]): (host: string | undefined) => Error | undefined {
  const allowed = new Set(allowedHosts)
  return (host) => {
    if (host === undefined || host.length > 255 || !hostSyntax.test(host)) return new InvalidHostError()
    if (allowed.size === 0) return undefined
    const name = host.toLowerCase()
    return allowed.has(name) || allowed.has(withoutPort(name)) ? undefined : new MisdirectedRequestError()
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}

/**
 * The origin form, which the router knows, of a request target in absolute form (RFC 9112 §3.2.2) whose authority is the
 * Host header's.
 */
function originForm({ url = '', headers }: IncomingMessage): string | undefined {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  if (authority === undefined || authority.toLowerCase() !== headers.host?.toLowerCase()) return undefined
  return rest.startsWith('/') ? rest : `/${rest}`
}
