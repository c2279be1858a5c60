import type { FastifyInstance, FastifyRequest } from 'fastify'

declare const type: unique symbol

/**
 * Names a service. `Name` is kept in the type so that the compiler can name a missing provider.
 * The phantom is function-typed, so `T` is invariant.
 */
export interface Token<Name extends string = string, T = unknown> {
  readonly name: Name
  readonly key: symbol
  readonly perRequest?: boolean
  readonly install?: (app: FastifyInstance) => void
  readonly [type]?: (value: T) => T
}

/**
 * Names a service that lives as long as one request. Its provider returns a factory; a plugin that needs it gets a
 * resolver to call with a request, and `request.services.get(token)` gives the value itself.
 */
export interface RequestToken<Name extends string = string, T = unknown> extends Token<Name, (request: FastifyRequest) => T> {
  readonly perRequest: true
}

/** Any token, whatever it names. */
// oxlint-disable-next-line typescript/no-explicit-any -- an invariant parameter has no other upper bound
export type AnyToken = Token<string, any>

/** The value a token names. */
export type ServiceOf<T> = T extends Token<string, infer Service> ? Service : never

export interface TokenOptions {
  /** Called with the Fastify context before a plugin that provides the service is set up there: what the service relies on. */
  install?: (app: FastifyInstance) => void
}

/** The key is `Symbol.for`: a second copy of a package resolves the same service. */
export function token<const Name extends string, T>(name: Name, { install }: TokenOptions = {}): Token<Name, T> {
  return { name, key: Symbol.for(`covet.${name}`), ...(install && { install }) }
}

/** A token for a service created on first use in each request and disposed when the response closes. */
export function requestToken<const Name extends string, T>(name: Name): RequestToken<Name, T> {
  return { name, key: Symbol.for(`covet.request.${name}`), perRequest: true }
}
