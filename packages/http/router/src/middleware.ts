import type { FastifyReply, FastifyRequest } from 'fastify'

declare const added: unique symbol

type Returned<Value> = Value | FastifyReply | Promise<Value | FastifyReply>

/** The stages of a middleware. Each is optional; one that is not declared costs nothing. */
export interface MiddlewareStages {
  /** Runs around the handler; `next` gives its result or its error. What it returns is the answer. */
  around?(request: FastifyRequest, reply: FastifyReply, next: () => Promise<unknown>): unknown
  /** Runs when the handler has succeeded, before the answer leaves. */
  after?(request: FastifyRequest, reply: FastifyReply): void | Promise<void>
  /** Runs when anything of the route failed. May return another error, or answer with `reply`. */
  onError?(error: Error, request: FastifyRequest, reply: FastifyReply): unknown
}

/** What runs around a route, made by {@link middleware}. `Added` is what its routes find on the request. */
export interface Middleware<Added extends object = object> extends MiddlewareStages {
  readonly name: string
  readonly adds: readonly string[]
  before?(request: FastifyRequest, reply: FastifyReply): unknown
  readonly [added]?: Added
}

export type AnyMiddleware = Middleware

/** What all of a list of middleware add to the request. */
export type AddedBy<Use> = Use extends readonly [Middleware<infer Added>, ...infer Rest]
  ? Added & AddedBy<Rest>
  : // oxlint-disable-next-line typescript/no-empty-object-type -- nothing is added
    {}

interface AddingDefinition<Name extends string, Value extends Readonly<Record<Name, unknown>>> extends MiddlewareStages {
  /** Used in errors and in the list of routes. */
  name: string
  /** The properties that `before` returns and that become the request's. */
  adds: readonly Name[]
  before(request: FastifyRequest, reply: FastifyReply): Returned<Value>
}

interface PlainDefinition extends MiddlewareStages {
  /** Used in errors and in the list of routes. */
  name: string
  adds?: never
  /** Runs before the handler, after guards and validation. Throws or answers with `reply` (and returns it) to stop here. */
  before?(request: FastifyRequest, reply: FastifyReply): unknown
}

/** Defines a middleware by its stages; with `adds`, what `before` returns becomes typed properties of the request. */
export function middleware<const Name extends string, Value extends Readonly<Record<Name, unknown>>>(
  definition: AddingDefinition<Name, Value>,
): Middleware<Pick<Value, Name>>
// oxlint-disable-next-line typescript/no-empty-object-type -- nothing is added
export function middleware(definition: PlainDefinition): Middleware<{}>
export function middleware(definition: AddingDefinition<string, Record<string, unknown>> | PlainDefinition): Middleware {
  return { ...definition, adds: definition.adds ?? [] }
}
