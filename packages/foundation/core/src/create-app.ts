import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { attachServices } from './context.ts'
import { attachDeadlines } from './deadlines.ts'
import { closeConnectionsAsTheyFallIdle, drain, type DrainOutcome } from './drain.ts'
import { attachEdge } from './edge.ts'
import { fastifyParts, type FastifyParts } from './fastify-parts.ts'
import { fetchHandler, type FetchHandler } from './fetch.ts'
import { attachJsonBody, guardStrictJson } from './json-body.ts'
import { Lifecycle, LifecycleToken } from './lifecycle.ts'
import { createLogger } from './logging.ts'
import { guardMediaType } from './media-type.ts'
import { AppMode, resolveServerOptions, type ResolvedServerOptions, type ServerOptions } from './options.ts'
import { orderPlugins } from './order.ts'
import type { AnyPlugin, NeedsOf, ProvidesOf } from './plugin.ts'
import { answerError, attachProblems } from './problems.ts'
import { queryParser } from './query.ts'
import { requestIds } from './request-id.ts'
import { setResponseHeaders } from './response-headers.ts'
import { attachRequestLog } from './request-log.ts'
import { attachRequestSignal } from './request-signal.ts'
import { answerClientError } from './server-errors.ts'
import { Servers } from './servers.ts'
import type { Override } from './services.ts'
import { attachSignals } from './signals.ts'
import type { AnyToken, ServiceOf } from './token.ts'
import { schemaController } from './validation.ts'

export interface App extends FastifyInstance {
  /** Answers a Web Request in memory, with everything a socket would have. */
  readonly fetch: FetchHandler
  /** A listener for a `node:http` server of somebody else's, which then owns time-outs and connections. */
  readonly nodeHandler: (request: IncomingMessage, response: ServerResponse) => void
  /** Ends the application as SIGTERM does, without leaving the process. */
  readonly drain: (force?: AbortSignal) => Promise<DrainOutcome>
}

type AnyOverride = readonly [token: AnyToken, service: unknown]

/** An override whose service is not of its token's type becomes the pair it has to be. */
type CheckedOverrides<O extends readonly AnyOverride[]> = {
  [I in keyof O]: O[I] extends readonly [infer T, infer S] ? ([S] extends [ServiceOf<T>] ? O[I] : readonly [T, ServiceOf<T>]) : never
}

/** What every application provides itself. */
const own: readonly AnyToken[] = [LifecycleToken, AppMode]
type OwnNames = (typeof LifecycleToken | typeof AppMode)['name']

type OverriddenNames<O extends readonly AnyOverride[]> = O[number][0]['name']

/** A plugin whose need nobody provides becomes a literal type that says so, on its own element of the array. */
type Checked<P extends readonly AnyPlugin[], Available extends string> = {
  [I in keyof P]: [Exclude<NeedsOf<P[I]>, ProvidesOf<P[number]> | Available>] extends [never]
    ? P[I]
    : `No plugin provides '${Exclude<NeedsOf<P[I]>, ProvidesOf<P[number]> | Available> & string}'`
}

export interface AppOptions<P extends readonly AnyPlugin[], O extends readonly AnyOverride[]> extends ServerOptions {
  /** In any order: they are sorted by what they need, then by stage. */
  plugins?: readonly [...Checked<P, OverriddenNames<O> | OwnNames>]
  /** Services that take the place of what plugins provide. A plugin is set up all the same. */
  override?: readonly [...CheckedOverrides<O>]
}

/**
 * Makes an application of plugins, with safe defaults over Fastify.
 * @throws a {@link CovetError} that names what is missing, contradictory or unsafe, before the first request
 */
export async function createApp<const P extends readonly AnyPlugin[], const O extends readonly AnyOverride[] = []>({
  plugins,
  override,
  ...serverOptions
}: AppOptions<P, O> = {}): Promise<App> {
  const overrides = (override ?? []) as unknown as readonly Override[]
  const available = [...own, ...overrides.map(([token]) => token)]
  const ordered = orderPlugins((plugins ?? []) as unknown as readonly AnyPlugin[], new Set(available.map(({ key }) => key)))
  const options = resolveServerOptions(serverOptions)
  const parts = fastifyParts()
  const { fastify, LogController } = await import('fastify')
  const logController = new LogController({ disableRequestLogging: true })
  const servers = new Servers(options)
  const app = fastify({ ...fastifyOptions(options, parts, servers), logController }) as FastifyInstance
  servers.add(app.server)
  const controls = attachDefaults(app, { options, parts, overrides, servers })
  for (const [token] of overrides) token.install?.(app)
  await registerAll(app, ordered)
  return Object.assign(app, controls)
}

/** What plugins had opened is closed when a later one fails: nobody is given the application to close it. */
async function registerAll(app: FastifyInstance, plugins: readonly AnyPlugin[]): Promise<void> {
  try {
    for (const plugin of plugins) await app.register(plugin)
  } catch (error) {
    await app.close().catch((failure: unknown) => app.log.error({ err: failure }, 'the application did not close cleanly'))
    throw error
  }
}

interface AppParts {
  options: ResolvedServerOptions
  parts: FastifyParts
  overrides: readonly Override[]
  servers: Servers
}

/** What every application has, in the order a request meets it. */
function attachDefaults(
  app: FastifyInstance,
  { options, parts, overrides, servers }: AppParts,
): Pick<App, 'drain' | 'fetch' | 'nodeHandler'> {
  const lifecycle = new Lifecycle()
  const logger = createLogger(options.logger, parts)
  if (logger) app.log = logger
  attachServices(app, overrides)
  app.services.set(LifecycleToken, lifecycle)
  app.services.set(AppMode, options.mode)
  attachRequestSignal(app)
  const deadlines = attachDeadlines(app, options.handlerTimeout)
  attachEdge(app, options, { deadlines, lifecycle, logger })
  if (options.requestLog) attachRequestLog(app)
  attachJsonBody(app, options.jsonLimits)
  app.addHook('onRoute', guardStrictJson)
  app.addHook('onRoute', guardMediaType)
  attachProblems(app, { showErrorPages: options.mode === 'development' })
  app.addHook('onReady', async () => lifecycle.advance('ready'))
  app.addHook('onListen', async () => {
    servers.addFurther(app)
    lifecycle.advance('listening')
  })
  const drained = { app, lifecycle, deadlines, servers }
  closeConnectionsAsTheyFallIdle(drained)
  const drainApp = (force?: AbortSignal): Promise<DrainOutcome> => drain(drained, { ...options.drain, ...(force && { force }) })
  if (options.signals) attachSignals(app, drainApp)
  return { drain: drainApp, fetch: fetchHandler(app), nodeHandler: nodeHandler(app) }
}

function nodeHandler(app: FastifyInstance): App['nodeHandler'] {
  let isReady = false
  return (request, response) => {
    joinHosts(request)
    if (isReady) return app.routing(request, response)
    app.ready().then(
      () => {
        isReady = true
        app.routing(request, response)
      },
      (error: unknown) => response.destroy(error as Error),
    )
  }
}

/** As the application's own server does, so that a second Host is refused and not dropped. */
function joinHosts({ rawHeaders, headers }: IncomingMessage): void {
  const hosts = rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host')
  if (hosts.length > 1) headers.host = hosts.join(', ')
}

/** A path the router cannot read reaches no hook. */
function answerUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  if (request.server.services.get(LifecycleToken).draining) reply.raw.shouldKeepAlive = false
  setResponseHeaders(request, reply)
  answerError(error, request, reply, false)
}

function fastifyOptions(options: ResolvedServerOptions, parts: FastifyParts, servers: Servers): FastifyServerOptions {
  const { trustProxy } = options
  const { https } = options.fastify as { https?: object | null }
  const isTrusted = typeof trustProxy === 'function' ? trustProxy : trustProxy && parts.proxyAddr.compile(trustProxy)
  return {
    ...options.fastify,
    ...(isTrusted && { trustProxy: isTrusted }),
    bodyLimit: options.bodyLimit,
    requestTimeout: options.requestTimeout,
    keepAliveTimeout: options.keepAliveTimeout,
    maxRequestsPerSocket: options.maxRequestsPerSocket,
    http: servers.options,
    ...(https && { https: { ...https, ...servers.options } }),
    // Requests that reach a closing application are answered and told to close, not refused.
    return503OnClosing: false,
    genReqId: requestIds(isTrusted || undefined),
    routerOptions: {
      ...options.fastify.routerOptions,
      maxParamLength: options.maxParamLength,
      querystringParser: queryParser(options.maxQueryPairs),
    },
    schemaController: schemaController(parts),
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerClientError,
  } as FastifyServerOptions
}
