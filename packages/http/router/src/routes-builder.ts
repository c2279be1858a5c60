import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import type { Action } from './action.ts'
import type { Router } from './attach.ts'
import { type GroupContext, kInherited } from './engine.ts'
import { declareRoute, inherit, type Inherited } from './declare.ts'
import type { AddedBy, AnyMiddleware } from './middleware.ts'
import type { AnyRouteOptions, GroupOptions, Handler, MaybeSchema, ResponseSchemas, RouteOptions } from './types.ts'

/** Declares a route of one method: path, options and handler; path and handler; or path and a controller's action. */
export interface DeclareRoute<Prefix extends string, Added> {
  <
    const Path extends string,
    Params extends MaybeSchema = undefined,
    Query extends MaybeSchema = undefined,
    Body extends MaybeSchema = undefined,
    Headers extends MaybeSchema = undefined,
    // oxlint-disable-next-line typescript/no-empty-object-type -- no response is declared
    const Responses extends ResponseSchemas = {},
    const Use extends readonly AnyMiddleware[] = [],
  >(
    path: Path,
    options: RouteOptions<Params, Query, Body, Headers, Responses, Use>,
    handler: Handler<`${Prefix}${Path}`, Params, Query, Body, Headers, Responses, Added & AddedBy<Use>>,
  ): void
  <const Path extends string>(
    path: Path,
    // oxlint-disable-next-line typescript/no-empty-object-type -- no response is declared
    handler: Handler<`${Prefix}${Path}`, undefined, undefined, undefined, undefined, {}, Added>,
  ): void
  (path: string, action: Action): void
}

/** The actions of a resource; each is optional. */
export interface ResourceController {
  /** GET on the collection. */
  readonly index?: Action
  /** POST on the collection. */
  readonly create?: Action
  /** GET on one. */
  readonly show?: Action
  /** PUT and PATCH on one. */
  readonly update?: Action
  /** DELETE on one. */
  readonly destroy?: Action
}

const resourceRoutes = [
  ['index', ['GET'], 'collection'],
  ['create', ['POST'], 'collection'],
  ['show', ['GET'], 'one'],
  ['update', ['PUT', 'PATCH'], 'one'],
  ['destroy', ['DELETE'], 'one'],
] as const

type Method = 'GET' | 'HEAD' | 'QUERY' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** Declares the routes of one Fastify context, typed by their paths and schemas. */
export class Routes<Prefix extends string = '', Added = unknown> {
  /** The Fastify context: hooks, decorators and error handlers set here reach these routes and no others. */
  readonly app: FastifyInstance
  readonly get: DeclareRoute<Prefix, Added> = this.#declare('GET')
  readonly head: DeclareRoute<Prefix, Added> = this.#declare('HEAD')
  readonly post: DeclareRoute<Prefix, Added> = this.#declare('POST')
  readonly put: DeclareRoute<Prefix, Added> = this.#declare('PUT')
  readonly patch: DeclareRoute<Prefix, Added> = this.#declare('PATCH')
  readonly delete: DeclareRoute<Prefix, Added> = this.#declare('DELETE')
  readonly options: DeclareRoute<Prefix, Added> = this.#declare('OPTIONS')
  readonly #router: Router
  readonly #inherited: Inherited

  constructor(app: FastifyInstance, router: Router, inherited: Inherited) {
    this.app = app
    this.#router = router
    this.#inherited = inherited
    ;(app as GroupContext)[kInherited] = inherited
  }

  /** Declares a route of other or several methods: `route.on(['GET', 'POST'])('/search', options, handler)`. */
  on(methods: Method | readonly Method[]): DeclareRoute<Prefix, Added> {
    return this.#declare(...[methods].flat())
  }

  /** Routes with a common prefix and options, in a Fastify context of their own, which is loaded after this one. */
  group<const Inner extends string = '', const Use extends readonly AnyMiddleware[] = []>(
    options: GroupOptions<Inner, Use>,
    declare: (route: Routes<`${Prefix}${Inner}`, Added & AddedBy<Use>>) => void | Promise<void>,
  ): void {
    const { prefix = '', ...inner } = options
    const inherited = inherit(this.#inherited, inner)
    this.app.register(async (context) => declare(new Routes(context, this.#router, inherited)), { prefix })
  }

  /** Declares the usual routes for those actions a controller has. `param` names the parameter of one. @default 'id' */
  resource(path: string, controller: ResourceController, { param = 'id' }: { param?: string } = {}): void {
    const one = `${path === '/' ? '' : path}/:${param}`
    for (const [name, methods, place] of resourceRoutes) {
      const action = controller[name]
      if (action) this.#declare(...methods)(place === 'one' ? one : path, action)
    }
  }

  #declare(...methods: readonly Method[]): DeclareRoute<Prefix, Added> {
    return (path: string, second: object, third?: unknown): void => {
      const [options, handler] = routeParts(second, third)
      const merged = inherit(this.#inherited, options)
      const openBody = this.#router.options.dangerouslyOpenBodies
      for (const method of methods) declareRoute(this.app, { method, path, options: merged, handler, openBody })
    }
  }
}

function routeParts(second: object, third: unknown): [AnyRouteOptions, RouteHandlerMethod] {
  if (typeof third === 'function') return [second as AnyRouteOptions, third as RouteHandlerMethod]
  if (typeof second === 'function') return [{}, second as RouteHandlerMethod]
  const { options, handler } = second as Action
  return [options, handler as unknown as RouteHandlerMethod]
}
