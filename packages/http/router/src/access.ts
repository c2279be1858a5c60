import { type Token, token } from '@covet/core'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * What `auth` may be. Whoever fills `RouteGuard` says it by augmenting this interface, one member per package or application.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by augmentation
export interface AuthRequirements {}

type AnyRequirement = true | string | readonly string[] | Readonly<Record<string, unknown>>

/** The type of the route option `auth`: `true`, and what the augmentations say; anything while there are none. */
export type RouteAuth = keyof AuthRequirements extends never ? AnyRequirement : true | AuthRequirements[keyof AuthRequirements]

/** The route a guard is made for. */
export interface GuardedRoute {
  readonly method: string
  readonly path: string
  readonly auth: RouteAuth
}

/** Lets a request pass, or throws, or answers with `reply` and returns it. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => unknown

/** Makes the guards of routes with `auth`. */
export interface RouteGuard {
  /** Called once per guarded route, at boot. The guard runs after every `onRequest` hook, before the body is read. */
  guard(route: GuardedRoute): Guard
}

/** For looking the guard up. {@link RouteGuard} of `route-guard.ts` is the one that plugins provide. */
export const guardToken: Token<'route-guard', RouteGuard> = token('route-guard')
