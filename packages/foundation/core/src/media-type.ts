import type { FastifyRequest, RouteOptions } from 'fastify'
import { UnsupportedMediaTypeError } from './http-errors.ts'

const token = "[!#$%&'*+.^_`|~\\w-]+"
/** RFC 9110 §8.3.1: type "/" subtype, then parameters; an empty parameter is allowed between semicolons. */
const mediaType = new RegExp(`^(${token}/${token})[ \\t]*`)
// Read one by one: in one expression the blanks around an empty parameter match in two ways, which doubles with each of them.
const parameter = new RegExp(`;[ \\t]*(?:(${token})=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*)?`, 'y')

/** The essence of a Content-Type in lower case, and its charset; nothing when it is not one. */
export function parseMediaType(value: string): { essence: string; charset: string | undefined } | undefined {
  const text = value.trim()
  const start = mediaType.exec(text)
  if (!start?.[1]) return undefined
  let charset: string | undefined
  for (parameter.lastIndex = start[0].length; parameter.lastIndex < text.length;) {
    const found = parameter.exec(text)
    if (!found) return undefined
    if (found[1]?.toLowerCase() === 'charset') charset ??= (found[2] ?? found[3])?.toLowerCase()
  }
  return { essence: start[1].toLowerCase(), charset }
}

/** @throws {UnsupportedMediaTypeError} for a charset that is not UTF-8, and for a Content-Type that cannot be read */
export function refuseForeignCharset(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return
  const declared = parseMediaType(contentType)
  if (!declared) throw new UnsupportedMediaTypeError('The Content-Type is not a media type.')
  const found = declared.charset
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
  const byMediaType = (bodySchema as { content?: unknown }).content !== undefined
  const check = (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const contentType = request.headers['content-type']
    if (contentType === 'application/json' && accepted.has(contentType)) return done()
    const essence = contentType === undefined ? undefined : parseMediaType(contentType)?.essence
    // Without a body the schema refuses it, unless the schema depends on a media type that nobody named.
    if ((request.body === undefined && !byMediaType) || (essence !== undefined && accepted.has(essence))) return done()
    done(new UnsupportedMediaTypeError(`The body must be ${[...accepted].join(' or ')}.`))
  }
  route.preValidation = [check, ...[route.preValidation ?? []].flat()]
}
