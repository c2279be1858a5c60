// The routes of plain Fastify and of Covet: the same lines, so that only what is around them differs.
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type Action,
  actions,
  helloSchema,
  type Order,
  orderSchema,
  receiptFor,
  receiptSchema,
  type ResourceAnswer,
  resources,
  resourceSchema,
  userById,
  userParamsSchema,
  userSchema,
} from '../data.ts'
import type { WorkloadName } from '../workloads.ts'

declare module 'fastify' {
  interface FastifyRequest {
    startedAt: number
    /** What @fastify/cookie declares, out of the compiler's sight when node_modules are not hoisted. */
    cookies: Readonly<Record<string, string | undefined>>
  }
}

export const routes: Readonly<Record<Exclude<WorkloadName, 'stack'>, (app: FastifyInstance) => void>> = {
  hello(app) {
    app.get('/', { schema: { response: { 200: helloSchema } } }, async () => ({ hello: 'world' }))
  },
  user(app) {
    app.get<{ Params: { id: number } }>(
      '/users/:id',
      { schema: { params: userParamsSchema, response: { 200: userSchema } } },
      async (request) => userById(request.params.id),
    )
  },
  order(app) {
    app.post<{ Body: Order }>('/orders', { schema: { body: orderSchema, response: { 201: receiptSchema } } }, async (request, reply) => {
      reply.code(201)
      return receiptFor(request.body)
    })
  },
}

export function resourceRoutes(app: FastifyInstance, themeOf: (request: FastifyRequest) => string): void {
  for (const resource of resources) {
    for (const { action, method, path } of actions) {
      app.route<{ Params: { id?: string } }>({
        method,
        url: `/${resource}${path}`,
        schema: { response: { 200: resourceSchema } },
        handler: async (request) => answer(resource, action, request.params.id ?? '', themeOf(request)),
      })
    }
  }
}

function answer(resource: string, action: Action, id: string, theme: string): ResourceAnswer {
  return { resource, action, id, theme }
}

export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}
