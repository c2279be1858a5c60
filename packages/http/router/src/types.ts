import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { AnyMiddleware } from './middleware.ts'
import type { RouteAuth } from './access.ts'
import type { PathParams } from './path-types.ts'
import type { Rule } from './rules.ts'

/** A schema that may be left out. */
export type MaybeSchema = TSchema | undefined

type StatusKey = number | `${1 | 2 | 3 | 4 | 5}xx` | 'default'

/** What a route answers with, per status. */
export type ResponseSchemas = { readonly [Status in StatusKey]?: TSchema }

export type Shape<Schema, Otherwise> = Schema extends TSchema ? Static<Schema> : Otherwise

type Digits<Status> = `${Status & (string | number)}`
type IsSuccess<Status> = Digits<Status> extends 'default' | `${1 | 2 | 3}${string}` ? true : false
type NoContent<Status> = Digits<Status> extends '204' ? void : never

type Successes<Responses> = {
  [Status in keyof Responses]: IsSuccess<Status> extends true ? Shape<Responses[Status], never> | NoContent<Status> : never
}[keyof Responses]

/** What a handler may return: what one of the success statuses names, or anything when none is declared. */
export type Answer<Responses> = [Successes<Responses>] extends [never] ? unknown : Successes<Responses>

type Replies<Responses> = keyof Responses extends never
  ? unknown
  : { [Status in keyof Responses as Status extends 'default' ? never : Status]: Shape<Responses[Status], never> | NoContent<Status> }

/** Fastify's description of a route's types, made of its schemas. */
export interface RouteShape<Params, Query, Body, Headers, Responses> {
  Params: Params
  Querystring: Query
  Body: Body
  Headers: Headers
  Reply: Replies<Responses>
}

/** What the path says of the parameters, unless a schema says it. */
export type ParamsOf<Path extends string, Params> = Shape<Params, PathParams<Path>>

export type RouteRequest<Path extends string, Params, Query, Body, Headers, Responses, Added> = FastifyRequest<
  RouteShape<ParamsOf<Path, Params>, Shape<Query, unknown>, Shape<Body, unknown>, Shape<Headers, unknown>, Responses>
> &
  Added

export type RouteReply<Path extends string, Params, Query, Body, Headers, Responses> = FastifyReply<
  RouteShape<ParamsOf<Path, Params>, Shape<Query, unknown>, Shape<Body, unknown>, Shape<Headers, unknown>, Responses>
>

/** Fastify's handler, with everything typed by the route's path and schemas. */
export type Handler<Path extends string, Params, Query, Body, Headers, Responses, Added> = (
  this: FastifyInstance,
  request: RouteRequest<Path, Params, Query, Body, Headers, Responses, Added>,
  reply: RouteReply<Path, Params, Query, Body, Headers, Responses>,
) => Result<Answer<Responses>, RouteReply<Path, Params, Query, Body, Headers, Responses>>

type Result<Value, Reply> = unknown extends Value ? unknown : Value | Reply | Promise<Value | Reply>

/** What the router adds to Fastify's route options, apart from the schemas. */
export interface RouteSettings {
  /** What the route demands of its caller; handed to the `RouteGuard`. */
  auth?: RouteAuth
  /** Open to everybody. */
  public?: boolean
  /** Groups operations in the OpenAPI document. */
  tags?: readonly string[]
  /** Leaves the route out of the OpenAPI document. @default false */
  hide?: boolean
  /** Marks the operation as one to move away from. @default false */
  deprecated?: boolean
}

/** Fastify's own route options. */
export type EngineOptions = Omit<RouteShorthandOptions, 'schema' | keyof RouteSettings>

/** What a group hands down to its routes. */
export interface GroupOptions<Prefix extends string = string, Use extends readonly AnyMiddleware[] = readonly AnyMiddleware[]>
  extends RouteSettings, EngineOptions {
  /** Put before every path. @default '' */
  prefix?: Prefix
  /** Middleware of every route, the first outermost. */
  use?: Use
}

/** The schemas by which a route is typed. */
export interface RouteSchemas<Params, Query, Body, Headers, Responses> {
  /** Path parameters, coerced to the types of the schema. */
  params?: Params
  /** Query parameters, coerced to the types of the schema. */
  query?: Query
  /** The body, never coerced. Its object schemas are closed: a member they do not name is refused. */
  body?: Body
  headers?: Headers
  /** A schema per status. What leaves is exactly what it names. */
  response?: Responses
}

export interface RouteOptions<Params, Query, Body, Headers, Responses, Use extends readonly AnyMiddleware[]>
  extends RouteSettings, EngineOptions, RouteSchemas<Params, Query, Body, Headers, Responses> {
  /** Middleware of this route, inside that of its groups; the first is the outermost. */
  use?: Use
  /** Rules across fields, checked after the schemas. */
  rules?: readonly Rule<{
    body: Shape<NoInfer<Body>, unknown>
    query: Shape<NoInfer<Query>, unknown>
    params: Shape<NoInfer<Params>, unknown>
    headers: Shape<NoInfer<Headers>, unknown>
  }>[]
  /** The route's name, for `url(name, params)`. */
  name?: string
  /** One line for the OpenAPI document. */
  summary?: string
  /** Markdown for the OpenAPI document. */
  description?: string
  /** @default made of method and path */
  operationId?: string
  /** Fastify's schema, for what has no option of its own; the options above win. */
  schema?: Readonly<Record<string, unknown>>
}

/** Route options of any types. */
export type AnyRouteOptions = Omit<
  RouteOptions<MaybeSchema, MaybeSchema, MaybeSchema, MaybeSchema, ResponseSchemas, readonly AnyMiddleware[]>,
  'rules'
> & {
  rules?: readonly Rule<never>[]
}
