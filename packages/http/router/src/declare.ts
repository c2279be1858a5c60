import type { FastifyInstance, HTTPMethods, RouteHandlerMethod, RouteOptions as EngineRouteOptions } from 'fastify'
import { closeSchema } from './close-body.ts'
import { type Declaration, kDeclaration, listOf } from './engine.ts'
import type { AnyRouteOptions, GroupOptions, ResponseSchemas } from './types.ts'

/** What a group hands down, merged from the outermost to the innermost. */
export type Inherited = Omit<GroupOptions, 'prefix'>

const hooks = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onTimeout',
  'onError',
  'onRequestAbort',
] as const

/** Inner options win; hooks, middleware and tags are joined, the outer ones first; access is declared by the innermost. */
export function inherit(outer: Inherited, inner: AnyRouteOptions | Inherited): AnyRouteOptions {
  const merged: Record<string, unknown> = { ...outer, ...inner, config: { ...outer.config, ...inner.config } }
  for (const hook of hooks) {
    const joined = [...listOf<unknown>(outer[hook]), ...listOf<unknown>(inner[hook])]
    if (joined.length > 0) merged[hook] = joined
  }
  const tags = [...new Set([...(outer.tags ?? []), ...(inner.tags ?? [])])]
  if (tags.length > 0) merged['tags'] = tags
  merged['use'] = [...(outer.use ?? []), ...(inner.use ?? [])]
  if (inner.public === true && inner.auth === undefined) delete merged['auth']
  if (inner.auth !== undefined && inner.public === undefined) delete merged['public']
  return merged as AnyRouteOptions
}

interface RouteToDeclare {
  method: string
  path: string
  options: AnyRouteOptions
  handler: RouteHandlerMethod
  /** Leaves the body schema as it is written. */
  openBody: boolean
}

/** Hands a typed route to Fastify as what it is: a Fastify route. */
export function declareRoute(app: FastifyInstance, { method, path, options, handler, openBody }: RouteToDeclare): void {
  const { params, query, body, headers, response, use = [], rules = [], name, schema, ...rest } = options
  const { summary, description, tags, operationId, deprecated, hide, ...engine } = rest
  const parts = defined({
    params,
    querystring: query,
    body: body === undefined || openBody ? body : closeSchema(body),
    headers,
    response,
    summary,
    description,
    tags,
    operationId,
    deprecated,
    hide,
  })
  const declaration: Declaration = { use, rules }
  const route = {
    ...engine,
    ...(name !== undefined && { config: { ...engine.config, name } }),
    ...((schema || Object.keys(parts).length > 0) && { schema: { ...schema, ...parts } }),
    method: method as HTTPMethods,
    url: path,
    handler: answerWith(onlySuccess(response), handler),
    [kDeclaration]: declaration,
  }
  app.route(route as EngineRouteOptions)
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The status of a route that declares exactly one success, where it is not what Fastify answers anyway. */
function onlySuccess(response: ResponseSchemas = {}): number | undefined {
  const successes = Object.keys(response).filter((status) => status === 'default' || /^[123]/.test(status))
  const status = successes.length === 1 ? Number(successes[0]) : Number.NaN
  return Number.isInteger(status) && status !== 200 ? status : undefined
}

function answerWith(status: number | undefined, handler: RouteHandlerMethod): RouteHandlerMethod {
  if (status === undefined) return handler
  return function (request, reply) {
    reply.statusCode = status
    const result: unknown = handler.call(this, request, reply)
    // Fastify waits for reply.send() when a handler that is not async returns nothing; here nothing is the answer.
    if (result === undefined && status === 204 && !reply.sent) return reply.send()
    return result
  }
}
