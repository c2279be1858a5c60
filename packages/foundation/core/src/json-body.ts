import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { checkStructure, refuseDuplicateMembers } from './json-structure.ts'
import { refuseForeignCharset } from './media-type.ts'

declare module 'fastify' {
  interface RouteShorthandOptions {
    /** Refuse a JSON body in which an object has one member twice. @default false */
    strictJson?: boolean
  }
  interface RouteOptions {
    strictJson?: boolean
  }
}

const kStrict = Symbol('covet.strict-json')
type JsonRequest = FastifyRequest & { [kStrict]?: true }

/**
 * JSON is the one body this application reads, until a plugin adds another parser. Members named `__proto__` and
 * `constructor.prototype` are refused; an empty body is no body, whatever its media type says.
 */
export function attachJsonBody(app: FastifyInstance, limits: { depth: number; members: number }): void {
  const parse = app.getDefaultJsonParser('error', 'error')

  function read(request: FastifyRequest, text: string): unknown {
    if (text.length === 0) return undefined
    refuseForeignCharset(request.headers['content-type'])
    let outcome: { error: Error | null; value?: unknown } = { error: null }
    void parse(request, text, (error, value) => {
      outcome = { error, value }
    })
    if (outcome.error) throw outcome.error
    checkStructure(text, outcome.value, limits)
    if ((request as JsonRequest)[kStrict]) refuseDuplicateMembers(text)
    return outcome.value
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    let value: unknown
    try {
      value = read(request, body as string)
    } catch (error) {
      done(error as Error)
      return
    }
    done(null, value)
  })
}

/** Marks the requests of a `strictJson` route before their body is parsed. */
export function guardStrictJson(route: RouteOptions): void {
  if (!route.strictJson) return
  const mark = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    ;(request as JsonRequest)[kStrict] = true
    done()
  }
  route.onRequest = [mark, ...[route.onRequest ?? []].flat()]
}
