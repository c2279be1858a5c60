import type {
  ContextConfigDefault,
  FastifyBaseLogger,
  FastifyContextConfig,
  FastifyInstance,
  FastifySchema,
  FastifyTypeProvider,
  FastifyTypeProviderDefault,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerBase,
  RawServerDefault,
  RouteGenericInterface,
  RouteOptions,
} from 'fastify'
import type { RouteAuth } from './access.ts'
import type { AnyMiddleware } from './middleware.ts'
import type { Rule } from './rules.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route demands of its caller; see RouteGuard of @covet/router. */
    auth?: RouteAuth
    /** The route is open to everybody. */
    public?: boolean
    /** The route's name, for `url(name, params)`. */
    name?: string
  }

  // An augmentation repeats the type parameters of what it augments.
  interface RouteShorthandOptions<
    RawServer extends RawServerBase = RawServerDefault,
    RawRequest extends RawRequestDefaultExpression<RawServer> = RawRequestDefaultExpression<RawServer>,
    RawReply extends RawReplyDefaultExpression<RawServer> = RawReplyDefaultExpression<RawServer>,
    RouteGeneric extends RouteGenericInterface = RouteGenericInterface,
    ContextConfig = ContextConfigDefault,
    SchemaCompiler extends FastifySchema = FastifySchema,
    TypeProvider extends FastifyTypeProvider = FastifyTypeProviderDefault,
    Logger extends FastifyBaseLogger = FastifyBaseLogger,
  > {
    /** What the route demands of its caller; handed to the `RouteGuard` of @covet/router. */
    auth?: RouteAuth
    /** Open to everybody. */
    public?: boolean
  }

  interface FastifySchema {
    summary?: string
    description?: string
    tags?: readonly string[]
    operationId?: string
    deprecated?: boolean
    /** Leaves the route out of the OpenAPI document. */
    hide?: boolean
  }
}

/** What a typed route hands to the `onRoute` hook, beside what is Fastify's. */
export const kDeclaration: unique symbol = Symbol('covet.route')

/** What a group hands down to the plain routes of its context, which have no declaration of their own. */
export const kInherited: unique symbol = Symbol('covet.group')

export type GroupContext = FastifyInstance & { [kInherited]?: { use?: readonly AnyMiddleware[]; auth?: RouteAuth; public?: boolean } }

export interface Declaration {
  readonly use: readonly AnyMiddleware[]
  readonly rules: readonly Rule<never>[]
}

/** The options of a Fastify route as an `onRoute` hook has them. */
export type EngineRoute = RouteOptions & {
  auth?: RouteAuth
  public?: boolean
  schema?: FastifySchema
  config?: FastifyContextConfig
  [kDeclaration]?: Declaration
}

/** One function, several, or none. */
export function listOf<T>(hooks: T | readonly T[] | undefined): readonly T[] {
  if (hooks === undefined) return []
  return Array.isArray(hooks) ? hooks : [hooks as T]
}
