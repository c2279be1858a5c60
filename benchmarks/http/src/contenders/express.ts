import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Ajv } from 'ajv'
import cookieParser from 'cookie-parser'
import cors from 'cors'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import responseTime from 'response-time'
import {
  actions,
  allowedOrigin,
  defaultTheme,
  type Order,
  orderSchema,
  receiptFor,
  resources,
  userById,
  userParamsSchema,
} from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { isBearer } from './by-hand.ts'

export async function start(workload: WorkloadName): Promise<number> {
  const app = express()
  workloads[workload](app)
  const server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const workloads: Readonly<Record<WorkloadName, (app: Express) => void>> = { hello, user, order, stack }

function hello(app: Express): void {
  app.get('/', (_request, response) => {
    response.json({ hello: 'world' })
  })
}

function user(app: Express): void {
  const hasId = new Ajv({ coerceTypes: true }).compile<{ id: number }>(userParamsSchema)
  app.get('/users/:id', (request, response) => {
    const params: unknown = { ...request.params }
    if (hasId(params)) response.json(userById(params.id))
    else response.status(400).json({ errors: hasId.errors })
  })
}

function order(app: Express): void {
  const isOrder = new Ajv().compile<Order>(orderSchema)
  app.use(express.json())
  app.post('/orders', (request, response) => {
    const body: unknown = request.body
    if (isOrder(body)) response.status(201).json(receiptFor(body))
    else response.status(400).json({ errors: isOrder.errors })
  })
}

function stack(app: Express): void {
  app.use(responseTime({ digits: 2 }))
  app.use(requestId)
  app.use(cors({ origin: allowedOrigin, credentials: true }))
  app.use(helmet())
  app.use(cookieParser())
  app.use(bearer)
  for (const resource of resources) {
    const router = express.Router()
    for (const { action, method, path } of actions) {
      router[method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'](path || '/', (request, response) => {
        const theme = (request.cookies as Record<string, string>)['theme'] ?? defaultTheme
        const { id = '' } = request.params as { id?: string }
        response.json({ resource, action, id, theme })
      })
    }
    app.use(`/${resource}`, router)
  }
}

const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('x-request-id', randomUUID())
  next()
}

const bearer: RequestHandler = (request, response, next) => {
  if (isBearer(request.headers.authorization)) next()
  else response.status(401).json({ error: 'Unauthorized' })
}
