import { type Token, token } from '@covet/core'
import type { FastifyInstance } from 'fastify'
import type { RouteAuth } from './access.ts'
import { Additions } from './additions.ts'
import { compose } from './compose.ts'
import { type EngineRoute, type GroupContext, kDeclaration, kInherited, listOf } from './engine.ts'
import { ParamsMismatchError } from './errors.ts'
import { Guarding } from './guarding.ts'
import { hookOf } from './hook.ts'
import { answerOtherMethods } from './method-not-allowed.ts'
import type { AnyMiddleware } from './middleware.ts'
import type { ResolvedRouterOptions } from './options.ts'
import { paramsOf, type ParamValues, parsePath } from './path.ts'
import type { PathParams } from './path-types.ts'
import { PatternCheck } from './pattern-check.ts'
import { type RouteEntry, RouteTable } from './route-table.ts'
import { checkRules } from './rules.ts'
import { sourceLocation } from './source-location.ts'

/** The paths of named routes, filled by augmentation; names that are not here take any parameters. */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by augmentation
export interface RouteNames {}

type NameOf = keyof RouteNames extends never ? string : keyof RouteNames & string
type ParamsOfName<Name> = Name extends keyof RouteNames
  ? PathParams<RouteNames[Name] & string>
  : Record<string, string | number | undefined>
type Loose<Params> = { [Name in keyof Params]: Params[Name] | number }

/** The routes of an application. */
export interface Router {
  /** In the order of their declaration; complete once the application is ready. */
  readonly routes: readonly RouteEntry[]
  /** What this router was configured with. */
  readonly options: Readonly<ResolvedRouterOptions>
  /**
   * The URL of a named route, each parameter encoded.
   * @throws {UnknownNameError | MissingParamError}
   */
  url<Name extends NameOf>(name: Name, params?: Loose<ParamsOfName<Name>>): string
}

export const Router: Token<'router', Router> = token('router')

/** Watches the routes declared from here on, in this context and below, and gives them what the router is for. */
export function attachRouter(app: FastifyInstance, options: ResolvedRouterOptions): Router {
  const rules = routerRules(app)
  const table = new RouteTable(rules)
  const guarding = new Guarding({ sawEveryRoute: app.printRoutes() === '(empty tree)' })
  const patterns = new PatternCheck({ allowed: options.dangerouslyAllowPatterns, maxParamLength: rules.maxParamLength })
  const additions = new Additions()
  for (const middleware of options.use) additions.declare(app, middleware)

  let last: { path: string; handler: unknown } | undefined
  app.addHook('onRoute', function (this: FastifyInstance, opts) {
    const route = opts as EngineRoute
    const isDerived =
      route.method === 'HEAD' && last?.handler === route.handler && (last.path === route.url || `${last.path}/` === route.url)
    if (!isDerived) last = { path: route.url, handler: route.handler }
    const { use = [], rules: crossRules = [] } = route[kDeclaration] ?? { use: (this as GroupContext)[kInherited]?.use }
    const middleware = [...options.use, ...use]
    const entries = entriesOf(this, route, middleware, isDerived)
    for (const entry of entries) {
      refuseStrangeParams(entry)
      patterns.collect(entry)
      table.add(entry)
    }
    for (const one of use) additions.declare(this, one)
    applyMiddleware(route, middleware, crossRules)
    guarding.declare(route, entries)
  })
  app.addHook('onReady', async () => {
    guarding.install(app)
    patterns.collectShared(app.getSchemas())
    await patterns.run()
  })
  if (options.methodNotAllowed) answerOtherMethods(app, table)
  return {
    options,
    get routes() {
      return table.entries
    },
    url: (name, params) => table.url(name, params as ParamValues),
  }
}

interface Access {
  auth?: RouteAuth | undefined
  public?: boolean | undefined
}

interface EngineRules {
  caseSensitive: boolean
  ignoreTrailingSlash: boolean
  ignoreDuplicateSlashes: boolean
  maxParamLength: number
}

function routerRules({ initialConfig }: FastifyInstance): EngineRules {
  const {
    caseSensitive = true,
    ignoreTrailingSlash = false,
    ignoreDuplicateSlashes = false,
    maxParamLength = 100,
  } = {
    ...initialConfig,
    ...initialConfig.routerOptions,
  }
  return { caseSensitive, ignoreTrailingSlash, ignoreDuplicateSlashes, maxParamLength }
}

function entriesOf(
  context: FastifyInstance,
  route: EngineRoute,
  middleware: readonly AnyMiddleware[],
  derived: boolean,
): readonly RouteEntry[] {
  const { auth, public: isPublic = false } = accessOf(context, route)
  const { schema } = route
  const name = route.config?.name
  route.config = { ...route.config, public: isPublic, ...(auth !== undefined && { auth }) }
  const locate = sourceLocation()
  return listOf(route.method).map((method) => ({
    method,
    path: route.url,
    public: isPublic,
    hide: schema?.hide ?? false,
    middleware: middleware.map((one) => one.name),
    get at() {
      return locate()
    },
    derived,
    context,
    ...(auth !== undefined && { auth }),
    ...(name !== undefined && { name }),
    ...(schema && { schema: schema as Readonly<Record<string, unknown>> }),
    ...(route.constraints && { constraints: route.constraints }),
  }))
}

/** A route says its access itself, as an option or in its config; otherwise its group says it. */
function accessOf(context: GroupContext, { auth, public: isPublic, config = {} }: EngineRoute): Access {
  const own: Access = { auth: auth ?? config.auth, public: isPublic ?? config.public }
  return own.auth === undefined && own.public === undefined ? (context[kInherited] ?? {}) : own
}

function refuseStrangeParams(entry: RouteEntry): void {
  const schema = entry.schema?.['params'] as { properties?: Readonly<Record<string, unknown>>; type?: unknown } | undefined
  if (!schema?.properties || schema.type !== 'object') return
  const inPath = paramsOf(parsePath(entry.path)).map(({ name }) => name)
  const strange = Object.keys(schema.properties).filter((name) => !inPath.includes(name))
  if (strange.length > 0) throw new ParamsMismatchError(entry, strange, inPath)
}

function applyMiddleware(
  route: EngineRoute,
  middleware: readonly AnyMiddleware[],
  rules: readonly never[] | Parameters<typeof checkRules>[0],
): void {
  const ruleHooks = rules.length === 0 ? [] : [hookOf(checkRules(rules))]
  const composed = compose(middleware, route.handler, route.errorHandler as never)
  const added = { preHandler: [...ruleHooks, ...composed.preHandler], onSend: composed.onSend, onError: composed.onError }
  for (const stage of ['preHandler', 'onSend', 'onError'] as const) {
    if (added[stage].length > 0) Object.assign(route, { [stage]: [...added[stage], ...listOf(route[stage] as unknown)] })
  }
  route.handler = composed.handler
  if (composed.errorHandler) Object.assign(route, { errorHandler: composed.errorHandler })
}
