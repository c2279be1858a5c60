import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { claimPlugin, ensureServices } from './context.ts'
import { MissingServiceError, ServiceNotReturnedError } from './errors.ts'
import type { Stage } from './stage.ts'
import type { AnyToken, RequestToken, Token } from './token.ts'

export type Tokens = Readonly<Record<string, AnyToken>>

type Resolved<N extends Tokens> = { [K in keyof N]: N[K] extends Token<string, infer T> ? T : never }
type Provided<P extends Tokens> = { [K in keyof P]: P[K] extends Token<string, infer T> ? T : never }
type Names<N extends Tokens> = { [K in keyof N]: N[K]['name'] }[keyof N]

export interface PluginDefinition<N extends Tokens, O extends Tokens, P extends Tokens> {
  /** The package's name, used in every error about the plugin. */
  name: string
  /** Its place in the order of concerns. A plugin without hooks has none. */
  stage?: Stage
  /** May be registered more than once in one context. @default false */
  multiple?: boolean
  /** Services it cannot work without. */
  needs?: N
  /** Services it uses when some plugin provides them. */
  optional?: O
  /** Services it offers; `setup` returns them under the same keys. */
  provides?: P
  setup(
    app: FastifyInstance,
    services: Resolved<N> & Partial<Resolved<O>>,
  ): Provided<NoInfer<P>> | Promise<Provided<NoInfer<P>>> | (keyof NoInfer<P> extends never ? void | Promise<void> : never)
}

/** What the kernel needs to know of a plugin, without its types. */
export interface PluginFacts {
  readonly name: string
  readonly stage?: Stage
  readonly multiple: boolean
  readonly needs: readonly AnyToken[]
  readonly optional: readonly AnyToken[]
  readonly provides: readonly AnyToken[]
}

declare const needs: unique symbol
declare const provides: unique symbol

/**
 * A Fastify plugin that says which services it needs and provides. Both parameters are invariant: an annotation can
 * neither hide a need nor promise a service that is not given.
 */
export interface Plugin<Needs extends string = never, Provides extends string = never> extends FastifyPluginAsync {
  readonly definition: PluginFacts
  readonly [needs]?: (n: Needs) => Needs
  readonly [provides]?: (n: Provides) => Provides
}

export type AnyPlugin = FastifyPluginAsync & { readonly definition: PluginFacts }

export type NeedsOf<P> = P extends { readonly [needs]?: (n: infer N) => unknown } ? N : never
export type ProvidesOf<P> = P extends { readonly [provides]?: (n: infer N) => unknown } ? N : never

/**
 * Defines a plugin. It is a Fastify plugin: `createApp` orders it among the others, and `app.register` of a plain
 * Fastify application takes it as it is, finding its needs among what was registered before.
 */
export function plugin<
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty record of tokens
  N extends Tokens = {},
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty record of tokens
  O extends Tokens = {},
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty record of tokens
  P extends Tokens = {},
>(definition: PluginDefinition<N, O, P>): Plugin<Names<N>, Names<P>> {
  const facts: PluginFacts = {
    name: definition.name,
    ...(definition.stage && { stage: definition.stage }),
    multiple: definition.multiple ?? false,
    needs: Object.values(definition.needs ?? {}),
    optional: Object.values(definition.optional ?? {}),
    provides: Object.values(definition.provides ?? {}),
  }

  async function register(app: FastifyInstance): Promise<void> {
    ensureServices(app)
    claimPlugin(app, facts)
    for (const token of facts.provides) token.install?.(app)
    const found: Record<string, unknown> = {}
    for (const [key, token] of Object.entries(definition.needs ?? {})) {
      if (app.services.find(token) === undefined) throw new MissingServiceError(token.name, facts.name)
      found[key] = resolve(app, token)
    }
    for (const [key, token] of Object.entries(definition.optional ?? {})) {
      if (app.services.find(token) !== undefined) found[key] = resolve(app, token)
    }
    const provided = (await definition.setup(app, found as Resolved<N> & Partial<Resolved<O>>)) as Record<string, unknown> | undefined
    for (const [key, token] of Object.entries(definition.provides ?? {})) {
      const service = provided?.[key]
      if (service === undefined) throw new ServiceNotReturnedError(facts.name, token.name)
      app.services.set(token, service)
    }
  }

  // What fastify-plugin would set, so that the kernel needs no package of its own: hooks and decorators reach the parent context.
  return Object.assign(register, {
    definition: facts,
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: facts.name,
    [Symbol.for('plugin-meta')]: { name: facts.name, fastify: '5.x' },
  }) as Plugin<Names<N>, Names<P>>
}

/** A needed request-scoped service is handed over as its resolver, which shares the request's one instance. */
function resolve(app: FastifyInstance, token: AnyToken): unknown {
  if (!token.perRequest) return app.services.get(token)
  return (request: FastifyRequest): unknown => request.services.get(token as RequestToken)
}
