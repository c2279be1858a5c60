import { type Token, token } from '@covet/core'
import type { RouteGuard as Contract } from './access.ts'
import { ensureRouter } from './plugin.ts'

/** Makes the guards of routes with `auth`. */
export type RouteGuard = Contract

/** Filled by the plugin that knows who is calling. With it comes a router, so that no route escapes the guard. */
export const RouteGuard: Token<'route-guard', RouteGuard> = token('route-guard', { install: ensureRouter })
