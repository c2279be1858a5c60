// AdonisJS, put together by its own factories: the server, router, middleware and validator of an application without its console.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import CorsMiddleware from '@adonisjs/cors/cors_middleware'
import { defineConfig as defineCors } from '@adonisjs/cors'
import { AppFactory } from '@adonisjs/core/factories/app'
import { BodyParserMiddlewareFactory } from '@adonisjs/core/factories/bodyparser'
import { ServerFactory } from '@adonisjs/core/factories/http'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import vine from '@vinejs/vine'
import { actions, allowedOrigin, defaultTheme, receiptFor, resources, securityHeaders, userById } from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed, isBearer } from './by-hand.ts'

type AdonisServer = ReturnType<ServerFactory['create']>
type MiddlewareClass = new () => { handle(context: HttpContext, next: NextFn): unknown }

export async function start(workload: WorkloadName): Promise<number> {
  const app = new AppFactory().create(new URL('./', import.meta.url))
  await app.init()
  const adonis = new ServerFactory().merge({ app, config: { generateRequestId: workload === 'stack' } }).create()
  workloads[workload](adonis)
  await adonis.boot()
  const server = createServer(adonis.handle.bind(adonis))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const workloads: Readonly<Record<WorkloadName, (adonis: AdonisServer) => void>> = { hello, user, order, stack }

function use(adonis: AdonisServer, ...middleware: MiddlewareClass[]): void {
  adonis.use(middleware.map((Middleware) => async () => ({ default: Middleware })))
}

function hello(adonis: AdonisServer): void {
  adonis.getRouter().get('/', () => ({ hello: 'world' }))
}

function user(adonis: AdonisServer): void {
  const params = vine.create({ id: vine.number().withoutDecimals().min(1) })
  adonis.getRouter().get('/users/:id', async ({ params: given }) => userById((await params.validate(given)).id))
}

function order(adonis: AdonisServer): void {
  const validator = vine.create({
    customer: vine.object({
      name: vine.string().minLength(1).maxLength(100),
      email: vine.string().minLength(3).maxLength(254),
      street: vine.string().maxLength(200),
      city: vine.string().maxLength(100),
      zip: vine.string().maxLength(20),
      country: vine.string().maxLength(100),
    }),
    currency: vine.string().fixedLength(3),
    note: vine.string().maxLength(1000),
    lines: vine
      .array(
        vine.object({
          sku: vine.string().minLength(1).maxLength(40),
          title: vine.string().maxLength(200),
          quantity: vine.number().withoutDecimals().min(1).max(1000),
          price: vine.number().withoutDecimals().min(0),
          taxRate: vine.number().min(0).max(1),
        }),
      )
      .minLength(1)
      .maxLength(100),
  })
  const bodyParser = new BodyParserMiddlewareFactory().create()
  use(
    adonis,
    class {
      handle(context: HttpContext, next: NextFn): unknown {
        return bodyParser.handle(context, next)
      }
    },
  )
  adonis.getRouter().post('/orders', async ({ request, response }) => {
    response.status(201)
    return receiptFor(await validator.validate(request.all()))
  })
}

function stack(adonis: AdonisServer): void {
  const cors = defineCors({ origin: [allowedOrigin], credentials: true, methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'] })
  class Cors extends CorsMiddleware {
    constructor() {
      super(cors)
    }
  }
  use(adonis, ResponseTime, RequestId, Cors, SecurityHeaders, Bearer)
  const router = adonis.getRouter()
  for (const resource of resources) {
    for (const { action, method, path } of actions) {
      router.route(`/${resource}${path}`, [method], ({ request, params }) => ({
        resource,
        action,
        id: (params as { id?: string }).id ?? '',
        theme: String(request.plainCookie('theme', { encoded: false, defaultValue: defaultTheme })),
      }))
    }
  }
}

class ResponseTime {
  async handle({ response }: HttpContext, next: NextFn): Promise<void> {
    const startedAt = performance.now()
    await next()
    response.header('x-response-time', formatElapsed(startedAt))
  }
}

class RequestId {
  handle({ request, response }: HttpContext, next: NextFn): unknown {
    response.header('x-request-id', request.id() ?? '')
    return next()
  }
}

/** @adonisjs/shield has four of the twelve and @adonisjs/cors no Vary; an application sets the others so. */
class SecurityHeaders {
  handle({ response }: HttpContext, next: NextFn): unknown {
    for (const [name, value] of Object.entries(securityHeaders)) response.header(name, value)
    response.vary('Origin')
    return next()
  }
}

class Bearer {
  handle({ request, response }: HttpContext, next: NextFn): unknown {
    if (isBearer(request.header('authorization'))) return next()
    return response.unauthorized({ error: 'Unauthorized' })
  }
}
