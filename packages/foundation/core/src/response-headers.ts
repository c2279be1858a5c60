import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { assignHeaders } from './assign-headers.ts'
import { CovetError } from './errors.ts'
import { slot, type Slot } from './slot.ts'

/** A header's value, or how to find it for a request; without one the header is left out. */
export type HeaderValue = string | ((request: FastifyRequest, reply: FastifyReply) => string | undefined)

export type HeaderContribution = Readonly<Record<string, HeaderValue>>

/** Two plugins want to say different things in one header. */
export class HeaderConflictError extends CovetError {
  constructor(header: string) {
    super('kernel/header-conflict', `Two plugins set the response header '${header}' in one context. Keep one of them.`)
  }
}

/**
 * Headers of every response of a context. What all plugins contribute is merged once and sent by one hook: setting them
 * one by one was measured at 13 % of a small request's time. `vary` is joined, any other header may be set once.
 */
export const ResponseHeaders: Slot<HeaderContribution> = slot('response headers', { scope: 'context', install: sendHeaders })

interface PreparedHeaders {
  readonly fixed: Readonly<Record<string, string>>
  readonly computed: readonly (readonly [name: string, value: Exclude<HeaderValue, string>])[]
}

const kPrepared = Symbol('covet.prepared-headers')
type HeaderContext = FastifyInstance & { [kPrepared]?: PreparedHeaders }

function sendHeaders(app: FastifyInstance): void {
  let prepared: PreparedHeaders = { fixed: {}, computed: [] }
  app.addHook('onReady', async () => {
    const own = app.services.own(ResponseHeaders)
    const inherited = app.services.all(ResponseHeaders).slice(0, -own.length)
    prepared = prepareHeaders(own, varyOf(inherited))
    ;(app as HeaderContext)[kPrepared] = prepared
  })
  app.addHook('onRequest', (request, reply, done) => {
    set(prepared, request, reply)
    done()
  })
}

/** Sets the headers of every context around a request that is answered before its hooks have run. */
export function setResponseHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const around: PreparedHeaders[] = []
  for (let context: HeaderContext | null = request.server; context; context = Object.getPrototypeOf(context) as HeaderContext | null) {
    if (Object.hasOwn(context, kPrepared) && context[kPrepared]) around.unshift(context[kPrepared])
  }
  for (const prepared of around) set(prepared, request, reply)
}

function set({ fixed, computed }: PreparedHeaders, request: FastifyRequest, reply: FastifyReply): void {
  if ('set-cookie' in fixed) reply.headers(fixed)
  else assignHeaders(reply, fixed)
  for (const [name, value] of computed) {
    const text = value(request, reply)
    if (text !== undefined) reply.header(name, text)
  }
}

/**
 * @param inheritedVary what the contexts above have set, which a context's own would take the place of
 * @throws {HeaderConflictError}
 */
export function prepareHeaders(contributions: readonly HeaderContribution[], inheritedVary?: string): PreparedHeaders {
  const fixed: Record<string, string> = {}
  const computed = new Map<string, Exclude<HeaderValue, string>>()
  for (const contribution of contributions) {
    for (const [header, value] of Object.entries(contribution)) {
      const name = header.toLowerCase()
      if (name === 'vary' && typeof value === 'string') fixed[name] = joinVary(fixed[name] ?? inheritedVary, value)
      else if (name in fixed || computed.has(name)) throw new HeaderConflictError(name)
      else if (typeof value === 'string') fixed[name] = value
      else computed.set(name, value)
    }
  }
  return { fixed: Object.freeze(fixed), computed: [...computed] }
}

function varyOf(contributions: readonly HeaderContribution[]): string | undefined {
  const values = contributions.flatMap(Object.entries<HeaderValue>).filter(([name]) => name.toLowerCase() === 'vary')
  return values.reduce<string | undefined>((known, [, value]) => (typeof value === 'string' ? joinVary(known, value) : known), undefined)
}

function joinVary(known: string | undefined, added: string): string {
  const names = [...(known?.split(/,\s*/) ?? []), ...added.split(/,\s*/)]
  return names.filter((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === at).join(', ')
}
