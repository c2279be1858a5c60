import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  DuplicateServiceError,
  MissingServiceError,
  RequestServiceError,
  ServicesClosedError,
  SlotClosedError,
  SlotNotReadyError,
} from './errors.ts'
import { dispose, isDisposable } from './dispose.ts'
import type { Slot } from './slot.ts'
import type { AnyToken, RequestToken, Token } from './token.ts'

/** Replaces what a plugin provides: used for tests. */
export type Override = readonly [token: AnyToken, service: unknown]

interface Lifetime {
  ready: boolean
  closed: boolean
  /** A service may be provided under several tokens. */
  readonly created: Set<unknown>
  readonly overrides: ReadonlyMap<symbol, unknown>
}

/**
 * Typed services and slots. Every Fastify context has its own layer: it sees its parents' services, and its own are
 * seen by its children only.
 */
export class Services {
  readonly #own = new Map<symbol, unknown>()
  readonly #slots = new Map<symbol, unknown[]>()
  readonly #parent: Services | undefined
  readonly #lifetime: Lifetime
  readonly #context: FastifyInstance | undefined

  constructor({ overrides = [], context }: { overrides?: readonly Override[]; context?: FastifyInstance } = {}, parent?: Services) {
    this.#parent = parent
    this.#context = context
    this.#lifetime = parent
      ? parent.#lifetime
      : { ready: false, closed: false, created: new Set(), overrides: new Map(overrides.map(([token, service]) => [token.key, service])) }
  }

  /** A layer below this one, for a child context. */
  layer(context?: FastifyInstance): Services {
    return new Services(context ? { context } : {}, this)
  }

  /** @throws {MissingServiceError} when neither this layer nor one above has it */
  get<T>(token: Token<string, T>): T {
    const service = this.find(token)
    if (service === undefined) throw new MissingServiceError(token.name)
    return service
  }

  find<T>(token: Token<string, T>): T | undefined {
    const overridden = this.#lifetime.overrides.get(token.key)
    if (overridden !== undefined) return overridden as T
    // oxlint-disable-next-line typescript/no-this-alias -- walks up the layers without recursion
    let layer: Services | undefined = this
    while (layer) {
      const service = layer.#own.get(token.key)
      if (service !== undefined) return service as T
      layer = layer.#parent
    }
    return undefined
  }

  /**
   * Provides a service in this layer. One with `Symbol.asyncDispose`, `Symbol.dispose` or `close()` is closed with the
   * application, in reverse order of creation, unless `borrowed`.
   * @throws {DuplicateServiceError} when this layer already has it
   */
  set<T>(token: Token<string, T>, service: T, { borrowed = false }: { borrowed?: boolean } = {}): void {
    if (this.#lifetime.closed) throw new ServicesClosedError()
    if (this.#own.has(token.key)) throw new DuplicateServiceError(token.name)
    if (token.perRequest && typeof service !== 'function') throw new RequestServiceError(token.name)
    this.#own.set(token.key, service)
    if (!borrowed && !token.perRequest && isDisposable(service)) this.#lifetime.created.add(service)
  }

  /** @throws {SlotClosedError} once the application is ready */
  add<T>(slot: Slot<T>, contribution: T): void {
    if (this.#lifetime.ready) throw new SlotClosedError(slot.name)
    const layer = slot.scope === 'app' ? this.#root : this
    const contributions = layer.#slots.get(slot.key)
    if (contributions) {
      contributions.push(contribution)
      return
    }
    layer.#slots.set(slot.key, [contribution])
    if (layer.#context) slot.install?.(layer.#context)
  }

  /**
   * The contributions, in the order they were made; of a `context` slot, those of the outermost context first.
   * @throws {SlotNotReadyError} before the application is ready
   */
  all<T>(slot: Slot<T>): readonly T[] {
    if (!this.#lifetime.ready) throw new SlotNotReadyError(slot.name)
    const inherited = this.#parent?.all(slot) ?? []
    const own = (this.#slots.get(slot.key) ?? []) as T[]
    return inherited.length === 0 ? own : [...inherited, ...own]
  }

  /** What this context itself contributed to a slot. */
  own<T>(slot: Slot<T>): readonly T[] {
    return (this.#slots.get(slot.key) ?? []) as T[]
  }

  /** The names of the services of this layer and those above, sorted. */
  names(): string[] {
    const own = [...this.#own.keys()].map((key) => (key.description ?? '').replace(/^covet\.(?:request\.)?/, ''))
    return [...new Set([...own, ...(this.#parent?.names() ?? [])])].sort()
  }

  /** From here on slots can be read and no longer contributed to. */
  markReady(): void {
    this.#lifetime.ready = true
  }

  /** Closes what was created here, last first; a service that fails to close does not keep the others open. */
  async close(): Promise<void> {
    if (this.#lifetime.closed) return
    this.#lifetime.closed = true
    await dispose([...this.#lifetime.created])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #root(): Services {
    return this.#parent ? this.#parent.#root : this
  }
}

/** The services of one request: its own, created on first use, and those of its context. */
export class RequestServices {
  readonly #services: Services
  readonly #request: FastifyRequest
  #own: Map<symbol, unknown> | undefined
  #closed = false

  constructor(services: Services, request: FastifyRequest) {
    this.#services = services
    this.#request = request
  }

  get<T>(token: RequestToken<string, T>): T
  get<T>(token: Token<string, T>): T
  get(token: AnyToken): unknown {
    const service: unknown = this.find(token)
    if (service === undefined) throw new MissingServiceError(token.name)
    return service
  }

  find<T>(token: RequestToken<string, T>): T | undefined
  find<T>(token: Token<string, T>): T | undefined
  find(token: AnyToken): unknown {
    if (!token.perRequest) return this.#services.find<unknown>(token)
    if (this.#own?.has(token.key)) return this.#own.get(token.key)
    if (this.#closed) throw new ServicesClosedError()
    const create = this.#services.find(token) as ((request: FastifyRequest) => unknown) | undefined
    if (create === undefined) return undefined
    const service = create(this.#request)
    this.#own ??= new Map()
    this.#own.set(token.key, service)
    return service
  }

  /** Closes what this request created, last first. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (!this.#own) return
    const made = await Promise.allSettled(this.#own.values())
    // One that could not be made has told so where it was asked for.
    await dispose(made.flatMap((service) => (service.status === 'fulfilled' ? [service.value] : [])))
  }
}
