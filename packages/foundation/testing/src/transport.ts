import type { FastifyInstance, InjectOptions } from 'fastify'

/** Sends a request and gives the answer: over a socket, or in the process. */
export type Transport = (request: Request) => Promise<Response>

/** What a client can talk to: an address, an application, or a function of your own. */
export type Target = string | URL | FastifyInstance | Transport

/** In the process a request still needs a host; it is a name that can never be somebody's (RFC 6761). */
const inProcessOrigin = 'http://app.test'

export interface Connection {
  readonly origin: string
  readonly send: Transport
}

export function connect(target: Target): Connection {
  if (typeof target === 'string' || target instanceof URL) return { origin: String(target), send: (request) => fetch(request) }
  if (typeof target === 'function') return { origin: inProcessOrigin, send: target }
  return { origin: inProcessOrigin, send: inProcess(target) }
}

function inProcess(app: FastifyInstance): Transport {
  return 'fetch' in app && typeof app.fetch === 'function' ? (app.fetch as Transport) : (request) => inject(app, request)
}

/** A plain Fastify application has no `fetch`. */
async function inject(app: FastifyInstance, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer())
  const answer = await app.inject({
    method: request.method as NonNullable<InjectOptions['method']>,
    url: url.pathname + url.search,
    headers: { host: url.host, ...Object.fromEntries(request.headers) },
    ...(body.length > 0 && { payload: body }),
  })
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, String(each))
  }
  const hasBody = answer.statusCode !== 204 && answer.statusCode !== 205 && answer.statusCode !== 304
  return new Response(hasBody ? new Uint8Array(answer.rawPayload) : null, {
    status: answer.statusCode,
    statusText: answer.statusMessage,
    headers,
  })
}
