import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DuplicatePluginError } from './errors.ts'
import type { PluginFacts } from './plugin.ts'
import { type Override, RequestServices, Services } from './services.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The services of this context: its own and its parents'. */
    services: Services
  }
  interface FastifyRequest {
    /** The services of this request: created on first use, closed with the response. */
    readonly services: RequestServices
  }
}

const kReply = Symbol('covet.reply')
const kRequestServices = Symbol('covet.request-services')
const kPlugins = Symbol('covet.plugins')

interface RequestState {
  [kReply]: FastifyReply | null
  [kRequestServices]?: RequestServices
}
type PluginHost = FastifyInstance & { [kPlugins]?: PluginFacts[] }

/** Gives a plain Fastify application its services, at its first Covet plugin. */
export function ensureServices(app: FastifyInstance): void {
  if (app.hasDecorator('services')) return
  attachServices(app, [])
  app.addHook('onRequest', (request, reply, done) => {
    rememberReply(request, reply)
    done()
  })
}

/** Gives an application its services; whoever calls it also calls {@link rememberReply} for each request. */
export function attachServices(app: FastifyInstance, overrides: readonly Override[]): void {
  const services = new Services({ overrides, context: app })
  app.decorate('services', services)
  app.addHook('onRegister', (child) => {
    child.services = parentOf(child).services.layer(child)
  })
  app.addHook('onReady', async () => services.markReady())
  app.addHook('onClose', () => services.close())
  attachRequestServices(app)
}

/** @throws {DuplicatePluginError} when a plugin that is not `multiple` is already in this context or above */
export function claimPlugin(app: FastifyInstance, facts: PluginFacts): void {
  const host = app as PluginHost
  const plugins = host[kPlugins] ?? []
  if (!facts.multiple && plugins.some(({ name }) => name === facts.name)) throw new DuplicatePluginError(facts.name)
  host[kPlugins] = [...plugins, facts]
}

/** What was registered in this context and above, in order. */
export function pluginsOf(app: FastifyInstance): readonly PluginFacts[] {
  return (app as PluginHost)[kPlugins] ?? []
}

/** Tells the request which reply answers it. Part of the first hook of an application. */
export function rememberReply(request: FastifyRequest, reply: FastifyReply): void {
  ;(request as FastifyRequest & RequestState)[kReply] = reply
}

/** The reply that answers a request, from the first onRequest hook on. */
export function replyOf(request: FastifyRequest): FastifyReply | null {
  return (request as FastifyRequest & RequestState)[kReply]
}

/** A Fastify child context inherits from its parent. */
function parentOf(child: FastifyInstance): FastifyInstance {
  return Object.getPrototypeOf(child) as FastifyInstance
}

function attachRequestServices(app: FastifyInstance): void {
  app.decorateRequest(kReply, null)
  app.decorateRequest('services', {
    getter(this: FastifyRequest) {
      const state = this as FastifyRequest & RequestState
      state[kRequestServices] ??= openRequestServices(state)
      return state[kRequestServices]
    },
  })
}

/** `close` of the raw response comes once, whether the reply was sent, streamed, hijacked or cut. */
function openRequestServices(request: FastifyRequest): RequestServices {
  const services = new RequestServices(request.server.services, request)
  const response = replyOf(request)?.raw
  const close = (): void => {
    services.close().catch((error: unknown) => request.log.error({ err: error }, 'a service of the request failed to close'))
  }
  // A handler that goes on after its client has left: nothing would close what it asks for now.
  if (response?.closed) close()
  else response?.once('close', close)
  return services
}
