// Plain Fastify. In the stack the six concerns are written by hand: headers prepared at boot, one hook before, one for the time.
import { fastify, type FastifyInstance } from 'fastify'
import { allowedOrigin, corsHeaders, defaultTheme, preflightHeaders, securityHeaders } from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed, isBearer, readCookie, requestIds } from './by-hand.ts'
import { listen, resourceRoutes, routes } from './fastify-routes.ts'

export async function start(workload: WorkloadName): Promise<number> {
  const app = workload === 'stack' ? stack() : fastify()
  if (workload !== 'stack') routes[workload](app)
  return listen(app)
}

function stack(): FastifyInstance {
  const headers = Object.freeze({ ...securityHeaders, ...corsHeaders })
  const app = fastify({ genReqId: requestIds() })
  app.decorateRequest('startedAt', 0)
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now()
    reply.headers(headers).header('x-request-id', request.id)
    if (request.method === 'OPTIONS' && request.headers.origin === allowedOrigin) reply.code(204).headers(preflightHeaders).send()
    else if (isBearer(request.headers.authorization)) done()
    else reply.code(401).send({ error: 'Unauthorized' })
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-response-time', formatElapsed(request.startedAt))
    done(null, payload)
  })
  resourceRoutes(app, (request) => readCookie(request.headers.cookie, 'theme') ?? defaultTheme)
  return app
}
