import type { FastifyRequest, RouteOptions } from 'fastify'
import { UnsupportedMediaTypeError } from './http-errors.ts'

const token = "[!#$%&'*+.^_`|~\\w-]+"
/** RFC 9110 §8.3.1: type "/" subtype, then parameters; an empty parameter is allowed between semicolons. */
const mediaType = new RegExp(`^(${token}/${token})[ \\t]*((?:;[ \\t]*(?:${token}=(?:${token}|"(?:[^"\\\\]|\\\\.)*"))?[ \\t]*)*)$`)
const charset = /;[ \t]*charset=(?:"([^"]*)"|([^\s;"]+))/i

/** The essence of a Content-Type in lower case, and its charset; nothing when it is not one. */
export function parseMediaType(value: string): { essence: string; charset: string | undefined } | undefined {
  const match = mediaType.exec(value.trim())
  if (!match?.[1]) return undefined
  const found = charset.exec(match[2] ?? '')
  return { essence: match[1].toLowerCase(), charset: (found?.[1] ?? found?.[2])?.toLowerCase() }
}

/** @throws {UnsupportedMediaTypeError} for a charset that is not UTF-8 */
export function refuseForeignCharset(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return
  const found = parseMediaType(contentType)?.charset
  if (found !== undefined && found !== 'utf-8' && found !== 'utf8') {
    throw new UnsupportedMediaTypeError(`The charset of a body must be utf-8, not ${found}.`)
  }
}

/** Body schemas describe one media type each: JSON, unless the schema says otherwise under `content`. */
function acceptedTypes(bodySchema: unknown): ReadonlySet<string> {
  const content = (bodySchema as { content?: Record<string, unknown> }).content
  return new Set(content && typeof content === 'object' ? Object.keys(content).map((type) => type.toLowerCase()) : ['application/json'])
}

/**
 * Refuses a body in a media type the route's schema says nothing about. Without it another registered parser would hand
 * the handler a body that no schema has seen.
 */
export function guardMediaType(route: RouteOptions): void {
  const bodySchema = (route.schema as { body?: unknown } | undefined)?.body
  if (bodySchema === undefined || bodySchema === null) return
  const accepted = acceptedTypes(bodySchema)
  const check = (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const contentType = request.headers['content-type']
    if (contentType === 'application/json' && accepted.has(contentType)) return done()
    const essence = contentType === undefined ? undefined : parseMediaType(contentType)?.essence
    if (request.body === undefined || (essence !== undefined && accepted.has(essence))) return done()
    done(new UnsupportedMediaTypeError(`The body must be ${[...accepted].join(' or ')}.`))
  }
  route.preValidation = [check, ...[route.preValidation ?? []].flat()]
}
