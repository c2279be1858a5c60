import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
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
import type { ResolvedServerOptions } from './options.ts'
import { refusedQuery } from './query.ts'
import { setResponseHeaders } from './response-headers.ts'

/** RFC 3986 §3.2.2 host, with an optional port: a name, an IPv4 address, or an IPv6 address in brackets. */
const hostSyntax = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9.])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

type EdgeOptions = Pick<ResolvedServerOptions, 'allowedHosts' | 'maxHeaders' | 'maxUrlLength' | 'trustProxy'>

/**
 * The first hook of every request: watches its deadline and refuses what no handler should see. One hook for all of it,
 * with the host that was last found good remembered, because it runs for every request.
 */
export function attachEdge(app: FastifyInstance, options: EdgeOptions, deadlines: Deadlines, lifecycle: Lifecycle): void {
  const checkHost = hostCheck(options.allowedHosts)
  const behindProxy = options.trustProxy !== undefined
  const rawHeaderLimit = options.maxHeaders * 2
  let goodHost: string | undefined

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    const { raw } = request
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
    const refusal = refuse(raw, request.query, rawHeaderLimit, options) ?? (behindProxy ? checkHost(request.host) : undefined)
    if (refusal) refuseWith(refusal, request, reply, done)
    else done()
  })
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
  // What is left of an absolute or asterisk form after absoluteForm() below names another authority than Host.
  if (url.charCodeAt(0) !== 47 && url !== '*') return new MisdirectedRequestError()
  return undefined
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
 * Turns the absolute form of a request target (RFC 9112 §3.2.2) into the origin form the router knows, when its authority
 * is the Host header's; another authority is left for the edge to refuse.
 */
export function absoluteForm(request: IncomingMessage): string {
  const url = request.url ?? '/'
  if (url.charCodeAt(0) === 47 || !/^https?:\/\//i.test(url)) return url
  const path = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url)
  if (!path || path[1]?.toLowerCase() !== request.headers.host?.toLowerCase()) return url
  const rest = path[2] ?? ''
  return rest.startsWith('/') ? rest : `/${rest}`
}
