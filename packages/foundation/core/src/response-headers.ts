import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
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

function sendHeaders(app: FastifyInstance): void {
  let prepared: PreparedHeaders = { fixed: {}, computed: [] }
  app.addHook('onReady', async () => {
    prepared = prepareHeaders(app.services.own(ResponseHeaders))
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(prepared.fixed)
    for (const [name, value] of prepared.computed) {
      const text = value(request, reply)
      if (text !== undefined) reply.header(name, text)
    }
    done()
  })
}

/** @throws {HeaderConflictError} */
export function prepareHeaders(contributions: readonly HeaderContribution[]): PreparedHeaders {
  const fixed: Record<string, string> = {}
  const computed = new Map<string, Exclude<HeaderValue, string>>()
  for (const contribution of contributions) {
    for (const [header, value] of Object.entries(contribution)) {
      const name = header.toLowerCase()
      if (name === 'vary' && typeof value === 'string') fixed[name] = joinVary(fixed[name], value)
      else if (name in fixed || computed.has(name)) throw new HeaderConflictError(name)
      else if (typeof value === 'string') fixed[name] = value
      else computed.set(name, value)
    }
  }
  return { fixed: Object.freeze(fixed), computed: [...computed] }
}

function joinVary(known: string | undefined, added: string): string {
  const names = [...(known?.split(/,\s*/) ?? []), ...added.split(/,\s*/)]
  return names.filter((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === at).join(', ')
}
