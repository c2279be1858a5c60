import { errors } from '@covet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { RouteTable } from './route-table.ts'

const order = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * The methods a URL answers to, asked of the engine's own router, so that both always agree. `OPTIONS` is among them
 * unless there are none.
 */
export function allowedMethods(app: FastifyInstance, known: readonly string[], request: FastifyRequest): readonly string[] {
  const url = request.raw.url ?? '/'
  const constraints = constraintsOf(request)
  const isRoute = (method: string): boolean =>
    constraints.some((constraint) => app.findRoute({ method: method as HTTPMethods, url, constraints: constraint }) !== null)
  const found = known.filter(isRoute)
  if (found.length === 0) return []
  return [...new Set([...found, 'OPTIONS'])].toSorted((a, b) => rank(a) - rank(b))
}

/** Answers requests for known paths with other methods. It runs where no route was found, after every `onRequest` hook
 * and before a body is read. */
export function answerOtherMethods(app: FastifyInstance, table: RouteTable): void {
  let known: readonly string[] = []
  app.addHook('onReady', async () => {
    known = table.methods
  })
  app.addHook('preParsing', (request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: (error?: Error | null) => void) => {
    if (!request.is404) return done()
    const allowed = allowedMethods(app, known, request)
    // A handler that calls callNotFound() has a route for this very method.
    if (allowed.length === 0 || (request.method !== 'OPTIONS' && allowed.includes(request.method))) return done()
    if (request.method !== 'OPTIONS') return done(new errors.MethodNotAllowedError(allowed.join(', ')))
    void reply.code(204).header('allow', allowed.join(', ')).send()
  })
}

function rank(method: string): number {
  const index = order.indexOf(method)
  return index === -1 ? order.length : index
}

/** The engine matches a version only where some route has one: it may stand in the way elsewhere. */
function constraintsOf({ headers }: FastifyRequest): readonly Readonly<Record<string, string>>[] {
  const { host = '', 'accept-version': version } = headers
  return typeof version === 'string' ? [{ host }, { host, version }] : [{ host }]
}
