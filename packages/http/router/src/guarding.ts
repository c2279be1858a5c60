import type { FastifyInstance } from 'fastify'
import { type Guard, guardToken } from './access.ts'
import type { EngineRoute } from './engine.ts'
import { listOf } from './engine.ts'
import { ContradictingAccessError, LateRouterError, UndeclaredAccessError, UnguardedRouteError } from './errors.ts'
import { hookOf } from './hook.ts'
import type { RouteEntry } from './route-table.ts'

interface Declared {
  readonly entry: RouteEntry
  readonly install: (guard: Guard) => void
}

/**
 * Holds every route to its declaration of access. The guard's place in the route is taken when the route is declared; who
 * fills it is known when the application is ready.
 */
export class Guarding {
  readonly #declared: Declared[] = []
  readonly #sawEveryRoute: boolean

  constructor({ sawEveryRoute }: { sawEveryRoute: boolean }) {
    this.#sawEveryRoute = sawEveryRoute
  }

  /**
   * Puts a guard before everything else of the route.
   * @throws {ContradictingAccessError}
   */
  declare(route: EngineRoute, entries: readonly RouteEntry[]): void {
    const guards = new Map<string, Guard>()
    for (const entry of entries) {
      if (entry.auth !== undefined && entry.public) throw new ContradictingAccessError(entry)
      this.#declared.push({ entry, install: (guard) => guards.set(entry.method, guard) })
    }
    if (entries[0]?.auth === undefined) return
    const guard = hookOf((request, reply) => {
      const run = guards.get(request.method)
      if (!run) throw new UnguardedRouteError({ method: request.method, path: route.url, at: 'before the application was ready' })
      return run(request, reply)
    })
    route.onRequest = [guard, ...listOf(route.onRequest)]
  }

  /** @throws {UndeclaredAccessError | UnguardedRouteError | LateRouterError} */
  install(root: FastifyInstance): void {
    if (!this.#sawEveryRoute && root.services.find(guardToken)) {
      throw new LateRouterError("Routes were declared before the router could see them, while a plugin provides 'route-guard'.")
    }
    for (const { entry, install } of this.#declared) {
      const provider = entry.context.services.find(guardToken)
      if (entry.auth !== undefined) {
        if (!provider) throw new UnguardedRouteError(entry)
        install(provider.guard({ method: entry.method, path: entry.path, auth: entry.auth }))
      } else if (provider && !entry.public) throw new UndeclaredAccessError(entry)
    }
  }
}
