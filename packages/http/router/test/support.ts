import { type AnyPlugin, type App, createApp, type Plugin, plugin, type ServerOptions } from '@covet/core'
import type { FastifyInstance } from 'fastify'
import { type Guard, type RouteAuth, RouteGuard, routes } from '../src/index.ts'
import type { Routes } from '../src/routes-builder.ts'

declare module '../src/index.ts' {
  interface AuthRequirements {
    standIn: 'ada' | 'bob' | 'carol'
  }
}

/** A group of routes without a prefix. */
export const group = (name: string, setup: (route: Routes) => void): Plugin => routes({ name, setup })

/** An application in test mode, ready. */
export async function appOf(plugins: readonly AnyPlugin[], options: ServerOptions = {}): Promise<App> {
  const app = await createApp({ mode: 'test', ...options, plugins: plugins as never })
  await app.ready()
  return app as App
}

/** The error with which an application refuses to start. */
export async function refusalOf(boot: Promise<FastifyInstance>): Promise<{ code: string; message: string }> {
  try {
    await (await boot).close()
  } catch (error) {
    return error as { code: string; message: string }
  }
  return { code: 'started', message: 'the application started' }
}

/** Stands in for an auth package: the header `x-user` says who calls, and `auth` which user is wanted (`true`: anyone). */
export function standInGuard(calls: string[] = []): Plugin<never, 'route-guard'> {
  const guard =
    ({ method, path, auth }: { method: string; path: string; auth: RouteAuth }): Guard =>
    async (request, reply) => {
      calls.push(`${method} ${path}`)
      const user = request.headers['x-user']
      if (user === undefined || (auth !== true && auth !== user)) return reply.code(401).send({ refused: user ?? null })
      return undefined
    }
  return plugin({ name: 'stand-in', stage: 'auth', provides: { guard: RouteGuard }, setup: () => ({ guard: { guard } }) })
}
