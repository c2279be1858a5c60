// The floor: node:http and what a careful hand writes on it, with no framework.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Ajv } from 'ajv'
import {
  type Action,
  actions,
  allowedOrigin,
  corsHeaders,
  defaultTheme,
  type Order,
  orderSchema,
  preflightHeaders,
  receiptFor,
  resources,
  securityHeaders,
  userById,
} from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed, isBearer, readCookie, requestIds } from './by-hand.ts'

export async function start(workload: WorkloadName): Promise<number> {
  const server = createServer(listeners[workload]())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const listeners: Readonly<Record<WorkloadName, () => RequestListener>> = { hello, user, order, stack }

function hello(): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' && request.url === '/') send(response, 200, { hello: 'world' })
    else send(response, 404, { error: 'Not found' })
  }
}

function user(): RequestListener {
  const path = /^\/users\/([^/?]+)$/
  return (request, response) => {
    const id = request.method === 'GET' ? path.exec(request.url as string)?.[1] : undefined
    if (id === undefined) send(response, 404, { error: 'Not found' })
    else if (!/^[1-9]\d*$/.test(id)) send(response, 400, { error: 'The id must be a whole number above 0.' })
    else send(response, 200, userById(Number(id)))
  }
}

function order(): RequestListener {
  const isOrder = new Ajv().compile<Order>(orderSchema)
  return (request, response) => {
    if (request.method !== 'POST' || request.url !== '/orders') return send(response, 404, { error: 'Not found' })
    readBody(request, (text) => {
      const body = parseJson(text)
      if (isOrder(body)) send(response, 201, receiptFor(body))
      else send(response, 400, { error: 'That is no order.' })
    })
  }
}

type Handler = (resource: string, id: string, theme: string) => object
type Routes = ReadonlyMap<string, ReadonlyMap<string, Handler>>

function stack(): RequestListener {
  const routes = stackRoutes()
  const nextId = requestIds()
  return (request, response) => {
    const startedAt = performance.now()
    const headers: Record<string, string> = { ...securityHeaders, ...corsHeaders, 'x-request-id': nextId() }
    if (request.method === 'OPTIONS' && request.headers.origin === allowedOrigin) {
      response.writeHead(204, { ...headers, ...preflightHeaders }).end()
      return
    }
    if (!isBearer(request.headers.authorization)) return send(response, 401, { error: 'Unauthorized' }, headers)
    const [, resource = '', id = ''] = (request.url as string).split('/')
    const handler = routes.get(resource)?.get(`${request.method} ${id === '' ? '' : '/:id'}`)
    if (!handler) return send(response, 404, { error: 'Not found' }, headers)
    const body = handler(resource, id, readCookie(request.headers.cookie, 'theme') ?? defaultTheme)
    headers['x-response-time'] = formatElapsed(startedAt)
    send(response, 200, body, headers)
  }
}

function stackRoutes(): Routes {
  const handler =
    (action: Action): Handler =>
    (resource, id, theme) => ({ resource, action, id, theme })
  return new Map(
    resources.map((resource) => [resource, new Map(actions.map(({ action, method, path }) => [`${method} ${path}`, handler(action)]))]),
  )
}

function readBody(request: IncomingMessage, done: (text: string) => void): void {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
  })
  request.on('end', () => done(text))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, body: object, headers?: Record<string, string>): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) })
    .end(text)
}
