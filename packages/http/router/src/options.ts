import type { AnyMiddleware } from './middleware.ts'

export interface RouterOptions {
  /** Middleware of every route of the application, outside that of groups and routes; the first is the outermost. */
  use?: readonly AnyMiddleware[]
  /** Answers 405 with `Allow` where the path is known with another method, and `OPTIONS` there with 204. @default true */
  methodNotAllowed?: boolean
  /** Leaves body schemas as they are written, so that unknown members pass. @default false */
  dangerouslyOpenBodies?: boolean
  /** Sources of regular expressions that are harmless although the check cannot tell. @default [] */
  dangerouslyAllowPatterns?: readonly string[]
}

export type ResolvedRouterOptions = Required<RouterOptions>

export function resolveRouterOptions({
  use = [],
  methodNotAllowed = true,
  dangerouslyOpenBodies = false,
  dangerouslyAllowPatterns = [],
}: RouterOptions = {}): ResolvedRouterOptions {
  return { use, methodNotAllowed, dangerouslyOpenBodies, dangerouslyAllowPatterns }
}
