import type { AnyMiddleware, AddedBy } from './middleware.ts'
import type { AnyRouteOptions, Handler, MaybeSchema, ResponseSchemas, RouteOptions } from './types.ts'

/** One action of a controller: a handler with the options it is typed by. A path puts it in its place. */
export interface Action {
  readonly options: AnyRouteOptions
  readonly handler: (...args: never[]) => unknown
}

/**
 * Defines an action. Its `params` are those of its schema; without one they are any text by name.
 * @example readonly show = action({ response: { 200: ArticleView } }, ({ params }) => this.#articles.find(params.slug))
 */
export function action<
  Params extends MaybeSchema = undefined,
  Query extends MaybeSchema = undefined,
  Body extends MaybeSchema = undefined,
  Headers extends MaybeSchema = undefined,
  // oxlint-disable-next-line typescript/no-empty-object-type -- no response is declared
  const Responses extends ResponseSchemas = {},
  const Use extends readonly AnyMiddleware[] = [],
>(
  options: RouteOptions<Params, Query, Body, Headers, Responses, Use>,
  handler: Handler<string, Params, Query, Body, Headers, Responses, AddedBy<Use>>,
): Action {
  return { options: options as AnyRouteOptions, handler }
}
