import type { FastifyInstance } from 'fastify'
import { AdditionTakenError } from './errors.ts'
import type { AnyMiddleware } from './middleware.ts'

/** What Fastify's request has of its own, set for each request, so that no decorator shows it. */
const own: ReadonlySet<string> = new Set(['id', 'params', 'raw', 'query', 'log', 'body'])

/** Declares on the request what middleware add to it, once per context, so that its shape is known from the start. */
export class Additions {
  readonly #owners = new WeakMap<FastifyInstance, Map<string, AnyMiddleware>>()

  /** @throws {AdditionTakenError} when something else has the name */
  declare(context: FastifyInstance, middleware: AnyMiddleware): void {
    for (const name of middleware.adds) {
      if (this.#ownerOf(context, name) === middleware) continue
      if (own.has(name) || context.hasRequestDecorator(name)) throw new AdditionTakenError(middleware.name, name)
      context.decorateRequest(name)
      const owners = this.#owners.get(context) ?? new Map<string, AnyMiddleware>()
      this.#owners.set(context, owners.set(name, middleware))
    }
  }

  /** A context inherits from its parent, by prototype. */
  #ownerOf(context: FastifyInstance, name: string): AnyMiddleware | undefined {
    let current: FastifyInstance | null = context
    while (current) {
      const owner = this.#owners.get(current)?.get(name)
      if (owner) return owner
      current = Object.getPrototypeOf(current) as FastifyInstance | null
    }
    return undefined
  }
}
