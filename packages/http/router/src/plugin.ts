import { type AnyToken, DeployFindings, plugin, type Plugin, type ServiceOf } from '@covet/core'
import type { FastifyInstance } from 'fastify'
import { attachRouter, Router } from './attach.ts'
import { LateRouterError } from './errors.ts'
import type { AddedBy, AnyMiddleware } from './middleware.ts'
import { type ResolvedRouterOptions, resolveRouterOptions, type RouterOptions } from './options.ts'
import { Routes } from './routes-builder.ts'
import type { GroupOptions } from './types.ts'

/** Settings for all routes, and the `Router` service. `routes()` does without it when there is nothing to set. */
export const router = (options: RouterOptions = {}): Plugin<never, 'router'> =>
  plugin({
    name: '@covet/router',
    stage: 'request',
    provides: { router: Router },
    setup(app) {
      if (app.services.find(Router)) throw new LateRouterError('A router is already here, made for routes that came first.')
      const resolved = resolveRouterOptions(options)
      reportRelaxations(app, resolved)
      return { router: attachRouter(app, resolved) }
    },
  })

type Tokens = Readonly<Record<string, AnyToken>>
type Resolved<Needs extends Tokens> = { [Key in keyof Needs]: ServiceOf<Needs[Key]> }
type Names<Needs extends Tokens> = { [Key in keyof Needs]: Needs[Key]['name'] }[keyof Needs]

export interface RoutesDefinition<
  Needs extends Tokens,
  Optional extends Tokens,
  Prefix extends string,
  Use extends readonly AnyMiddleware[],
> extends GroupOptions<Prefix, Use> {
  /** The plugin's name, used in every error about it. */
  name: string
  /** Services the routes cannot work without. */
  needs?: Needs
  /** Services they use when some plugin provides them. */
  optional?: Optional
  setup(route: Routes<Prefix, AddedBy<Use>>, services: Resolved<Needs> & Partial<Resolved<Optional>>): void | Promise<void>
}

/** A plugin of routes with a Fastify context of their own. What it sets beside `setup` holds for all of them. */
export function routes<
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty record of tokens
  Needs extends Tokens = {},
  // oxlint-disable-next-line typescript/no-empty-object-type -- the empty record of tokens
  Optional extends Tokens = {},
  const Prefix extends string = '',
  const Use extends readonly AnyMiddleware[] = [],
>({ name, needs, optional, setup, ...options }: RoutesDefinition<Needs, Optional, Prefix, Use>): Plugin<Names<Needs>> {
  return plugin({
    name,
    stage: 'handle',
    needs: needs ?? {},
    optional: optional ?? {},
    async setup(app, services) {
      const attached = ensureRouter(app)
      const { prefix = '', ...inherited } = options
      const declare = async (context: FastifyInstance): Promise<void> => {
        await setup(new Routes(context, attached, inherited), services as Resolved<Needs> & Partial<Resolved<Optional>>)
      }
      await app.register(declare, { prefix })
    },
  }) as unknown as Plugin<Names<Needs>>
}

/** The router of this context, made with defaults when there is none: for plugins that work on routes. */
export function ensureRouter(app: FastifyInstance): Router {
  const existing = app.services.find(Router)
  if (existing) return existing
  const attached = attachRouter(app, resolveRouterOptions())
  app.services.set(Router, attached)
  return attached
}

function reportRelaxations(app: FastifyInstance, { dangerouslyOpenBodies, dangerouslyAllowPatterns }: ResolvedRouterOptions): void {
  if (dangerouslyOpenBodies) {
    app.services.add(DeployFindings, () => [
      {
        id: 'router/open-bodies',
        severity: 'warning',
        message: 'dangerouslyOpenBodies: bodies may carry members no schema names. Open single schemas instead.',
      },
    ])
  }
  if (dangerouslyAllowPatterns.length > 0) {
    const patterns = dangerouslyAllowPatterns.map((source) => `/${source}/`).join(', ')
    app.services.add(DeployFindings, () => [
      {
        id: 'router/unchecked-patterns',
        severity: 'note',
        message: `dangerouslyAllowPatterns: ${patterns} are not checked for backtracking.`,
      },
    ])
  }
}
