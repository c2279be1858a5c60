import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Ajv } from 'ajv'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { cors } from 'hono/cors'
import { getCookie } from 'hono/cookie'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { validator } from 'hono/validator'
import {
  actions,
  allowedOrigin,
  bearerToken,
  defaultTheme,
  type Order,
  orderSchema,
  receiptFor,
  resources,
  userById,
  userParamsSchema,
} from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed } from './by-hand.ts'

export async function start(workload: WorkloadName): Promise<number> {
  const app = new Hono()
  workloads[workload](app)
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const workloads: Readonly<Record<WorkloadName, (app: Hono) => void>> = { hello, user, order, stack }

function hello(app: Hono): void {
  app.get('/', (context) => context.json({ hello: 'world' }))
}

function user(app: Hono): void {
  const hasId = new Ajv({ coerceTypes: true }).compile<{ id: number }>(userParamsSchema)
  const params = validator('param', (value, context) => {
    const given: unknown = { ...value }
    return hasId(given) ? given : context.json({ errors: hasId.errors }, 400)
  })
  app.get('/users/:id', params, (context) => context.json(userById(context.req.valid('param').id)))
}

function order(app: Hono): void {
  const isOrder = new Ajv().compile<Order>(orderSchema)
  const body = validator('json', (value: unknown, context) => (isOrder(value) ? value : context.json({ errors: isOrder.errors }, 400)))
  app.post('/orders', body, (context) => context.json(receiptFor(context.req.valid('json')), 201))
}

function stack(app: Hono): void {
  app.use(async (context, next) => {
    const startedAt = performance.now()
    await next()
    context.header('x-response-time', formatElapsed(startedAt))
  })
  app.use(requestId())
  app.use(cors({ origin: allowedOrigin, credentials: true }))
  app.use(secureHeaders(security))
  app.use(bearerAuth({ token: bearerToken }))
  for (const resource of resources) {
    for (const { action, method, path } of actions) {
      app.on(method, `/${resource}${path}`, (context) =>
        context.json({ resource, action, id: context.req.param('id') ?? '', theme: getCookie(context, 'theme') ?? defaultTheme }),
      )
    }
  }
}

const security: Parameters<typeof secureHeaders>[0] = {
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    baseUri: ["'self'"],
    fontSrc: ["'self'", 'https:', 'data:'],
    formAction: ["'self'"],
    frameAncestors: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    scriptSrc: ["'self'"],
    scriptSrcAttr: ["'none'"],
    styleSrc: ["'self'", 'https:', "'unsafe-inline'"],
    upgradeInsecureRequests: [],
  },
}
