import type { FastifyInstance } from 'fastify'
import { type IncomingMessage, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { type Duplex, Readable, duplexPair } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

/** Statuses whose response has no body (Fetch standard, "null body status"). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304])

/** Answers a Web Request as the application would over a socket. */
export type FetchHandler = (request: Request) => Promise<Response>

/**
 * A connection in memory: the application's own HTTP server reads it, so that limits, streaming, back-pressure and errors
 * are those of a socket.
 */
export function fetchHandler(app: FastifyInstance): FetchHandler {
  return async (request) => {
    await app.ready()
    const [client, server] = duplexPair()
    // A pair only half-closes: a consumer that cancels the response would leave the server writing to nobody.
    client.once('close', () => server.destroy())
    app.server.emit('connection', asSocket(server))
    return send(request, client)
  }
}

function send(request: Request, connection: Duplex): Promise<Response> {
  const url = new URL(request.url)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      createConnection: () => asSocket(connection) as never,
      method: request.method,
      path: url.pathname + url.search,
      headers: headersOf(request, url),
      signal: request.signal,
    })
    outgoing.once('response', (incoming) => resolve(toResponse(incoming, request.method)))
    outgoing.on('error', reject)
    if (request.body) {
      const body = Readable.fromWeb(request.body as NodeReadableStream)
      // An answer that comes before the whole body was read ends the connection; the answer counts.
      pipeline(body, outgoing).catch((error: unknown) => outgoing.destroy(error as Error))
    } else outgoing.end()
  })
}

function headersOf(request: Request, url: URL): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = { host: url.host }
  for (const [name, value] of request.headers) if (!isHopByHop(name)) headers[name] = value
  if (!request.body) delete headers['content-length']
  // One request for each connection: what a body has beyond its Content-Length is never read as another.
  headers['connection'] = 'close'
  return headers
}

function toResponse(incoming: IncomingMessage, method: string): Response {
  const status = incoming.statusCode ?? 500
  const headers = new Headers()
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at] ?? ''
    if (!isHopByHop(name)) headers.append(name, incoming.rawHeaders[at + 1] ?? '')
  }
  const hasBody = method !== 'HEAD' && !withoutBody.has(status)
  if (!hasBody) incoming.resume()
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null
  return new Response(body, { status, statusText: incoming.statusMessage ?? '', headers })
}

/** RFC 9110 §7.6.1: these describe a connection, not what is sent over it. */
function isHopByHop(name: string): boolean {
  return /^(?:connection|keep-alive|transfer-encoding|upgrade|proxy-connection)$/i.test(name)
}

/** What the HTTP parser expects of a socket beyond a Duplex. */
function asSocket(stream: Duplex): Duplex {
  return Object.assign(stream, {
    remoteAddress: '127.0.0.1',
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
    destroySoon: () => stream.end(() => stream.destroy()),
  })
}
