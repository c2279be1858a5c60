// Covet. The routes are plain Fastify's, line for line; the stack's headers are core's prepared ones.
import { createApp, CovetError, plugin, type Plugin, ResponseHeaders } from '@covet/core'
import type { FastifyInstance } from 'fastify'
import { allowedOrigin, corsHeaders, defaultTheme, preflightHeaders, securityHeaders } from '../data.ts'
import type { WorkloadName } from '../workloads.ts'
import { formatElapsed, isBearer, readCookie } from './by-hand.ts'
import { listen, resourceRoutes, routes } from './fastify-routes.ts'

export async function start(workload: WorkloadName): Promise<number> {
  return listen(workload === 'stack' ? await createApp({ plugins: [resources, concerns] }) : await bare(workload))
}

/** No plugins, every default: limits, deadlines, Host check, problem documents. */
async function bare(workload: Exclude<WorkloadName, 'stack'>): Promise<FastifyInstance> {
  const app = await createApp()
  routes[workload](app)
  return app
}

const concerns: Plugin = plugin({
  name: 'concerns',
  stage: 'headers',
  setup(app) {
    app.services.add(ResponseHeaders, { ...securityHeaders, ...corsHeaders, 'x-request-id': (request) => request.id })
    app.decorateRequest('startedAt', 0)
    app.addHook('onRequest', (request, reply, done) => {
      request.startedAt = performance.now()
      if (request.method === 'OPTIONS' && request.headers.origin === allowedOrigin) reply.code(204).headers(preflightHeaders).send()
      else done(isBearer(request.headers.authorization) ? undefined : new UnauthorizedError())
    })
    app.addHook('onSend', (request, reply, payload, done) => {
      reply.header('x-response-time', formatElapsed(request.startedAt))
      done(null, payload)
    })
  },
})

const resources: Plugin = plugin({
  name: 'resources',
  stage: 'handle',
  setup: (app) => resourceRoutes(app, (request) => readCookie(request.headers.cookie, 'theme') ?? defaultTheme),
})

class UnauthorizedError extends CovetError {
  constructor() {
    super('auth/unauthorized', 'Send a bearer token.', { statusCode: 401 })
  }
}
