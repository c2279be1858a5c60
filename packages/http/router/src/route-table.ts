import type { FastifyInstance } from 'fastify'
import { DuplicateNameError, DuplicateRouteError, ShadowedRouteError, UnknownNameError } from './errors.ts'
import type { RouteAuth } from './access.ts'
import { buildPath, type ParamValues, parsePath, patternOf, type PathToken, variantsOf } from './path.ts'
import { isShadowed } from './shadow.ts'

/** What is known of a route once it is declared. */
export interface RouteEntry {
  readonly method: string
  /** The whole path, as Fastify has it. */
  readonly path: string
  readonly name?: string
  readonly auth?: RouteAuth
  readonly public: boolean
  readonly hide: boolean
  /** Fastify's schema of the route. */
  readonly schema?: Readonly<Record<string, unknown>>
  /** Names of the middleware that run around it, the outermost first. */
  readonly middleware: readonly string[]
  /** `file:line` of its declaration. */
  readonly at: string
  /** What the route is constrained to: host, version and the like. */
  readonly constraints?: Readonly<Record<string, unknown>>
  /** Fastify made it of a GET route. */
  readonly derived: boolean
  /** The Fastify context it is declared in. */
  readonly context: FastifyInstance
}

/** How the engine compares paths. */
export interface PathRules {
  caseSensitive: boolean
  ignoreTrailingSlash: boolean
  ignoreDuplicateSlashes: boolean
}

/** The routes of an application, each method and pattern once. */
export class RouteTable {
  readonly #entries: RouteEntry[] = []
  readonly #byPattern = new Map<string, RouteEntry>()
  readonly #byShape = new Map<string, { entry: RouteEntry; tokens: readonly PathToken[] }[]>()
  readonly #byName = new Map<string, RouteEntry>()
  readonly #rules: PathRules

  constructor(rules: PathRules) {
    this.#rules = rules
  }

  get entries(): readonly RouteEntry[] {
    return this.#entries
  }

  get methods(): readonly string[] {
    return [...new Set(this.#entries.map(({ method }) => method))]
  }

  /** @throws {DuplicateRouteError | ShadowedRouteError | DuplicateNameError} */
  add(entry: RouteEntry): void {
    for (const tokens of variantsOf(parsePath(this.#normalise(entry.path)))) {
      this.#refuseDuplicate(entry, tokens)
      this.#refuseShadow(entry, tokens)
    }
    if (entry.name !== undefined && !entry.derived) this.#addName(entry.name, entry)
    this.#entries.push(entry)
  }

  /** @throws {UnknownNameError} */
  named(name: string): RouteEntry {
    const entry = this.#byName.get(name)
    if (!entry) throw new UnknownNameError(name)
    return entry
  }

  /** @throws {UnknownNameError | MissingParamError} */
  url(name: string, params?: ParamValues): string {
    return buildPath(this.named(name).path, params)
  }

  #addName(name: string, entry: RouteEntry): void {
    const first = this.#byName.get(name)
    if (first && first.path !== entry.path) throw new DuplicateNameError(name, entry, first)
    this.#byName.set(name, entry)
  }

  #refuseDuplicate(entry: RouteEntry, tokens: readonly PathToken[]): void {
    const key = `${scopeOf(entry)} ${this.#fold(patternOf(tokens))}`
    const first = this.#byPattern.get(key)
    if (first) throw new DuplicateRouteError(entry, first)
    this.#byPattern.set(key, entry)
  }

  /** Only paths with one outline can take each other's requests, so few are compared. */
  #refuseShadow(entry: RouteEntry, tokens: readonly PathToken[]): void {
    if (!tokens.some(({ kind }) => kind === 'segment')) return
    const shape = `${scopeOf(entry)} ${tokens.map((token) => (token.kind === 'static' ? this.#fold(token.text) : token.kind)).join('\0')}`
    const peers = this.#byShape.get(shape) ?? []
    for (const peer of peers) {
      if (isShadowed(tokens, peer.tokens)) throw new ShadowedRouteError(entry, peer.entry)
      if (isShadowed(peer.tokens, tokens)) throw new ShadowedRouteError(peer.entry, entry)
    }
    this.#byShape.set(shape, [...peers, { entry, tokens }])
  }

  #normalise(path: string): string {
    const single = this.#rules.ignoreDuplicateSlashes ? path.replaceAll(/\/{2,}/g, '/') : path
    return this.#rules.ignoreTrailingSlash && single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single
  }

  #fold(text: string): string {
    return this.#rules.caseSensitive ? text : text.toLowerCase()
  }
}

function scopeOf({ method, constraints = {} }: RouteEntry): string {
  const pairs = Object.entries(constraints).map(([name, value]) => `${name}=${String(value)}`)
  return [method, ...pairs.toSorted()].join(' ')
}
