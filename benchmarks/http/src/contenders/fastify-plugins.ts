// The usual Fastify stack: the official plugins, as their READMEs register them.
import { fastify } from 'fastify'
import bearerAuth from '@fastify/bearer-auth'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import { allowedOrigin, bearerToken, defaultTheme } from '../data.ts'
import { formatElapsed, requestIds } from './by-hand.ts'
import { listen, resourceRoutes } from './fastify-routes.ts'

export async function start(): Promise<number> {
  const app = fastify({ genReqId: requestIds() })
  app.decorateRequest('startedAt', 0)
  app.addHook('onRequest', async (request, reply) => {
    request.startedAt = performance.now()
    reply.header('x-request-id', request.id)
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-response-time', formatElapsed(request.startedAt))
  })
  await app.register(cors, { origin: [allowedOrigin], credentials: true, methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'] })
  await app.register(helmet)
  await app.register(cookie)
  await app.register(bearerAuth, { keys: new Set([bearerToken]) })
  resourceRoutes(app, (request) => request.cookies['theme'] ?? defaultTheme)
  return listen(app)
}
