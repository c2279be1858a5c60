import { STATUS_CODES } from 'node:http'
import { type Components, isSchema, type Schema, type SchemaScope } from './components.ts'
import type { OpenApiBody, OpenApiMedia, OpenApiReference, OpenApiResponse } from './types.ts'

const families: Readonly<Record<string, string>> = {
  '1XX': 'Information',
  '2XX': 'Success',
  '3XX': 'Redirection',
  '4XX': 'The request was refused.',
  '5XX': 'The server failed.',
  default: 'Any other answer',
}

/** @param refusal what 4xx answers look like where the route does not say it */
export function responsesOf(
  declared: unknown,
  components: Components,
  scope: SchemaScope,
  refusal: OpenApiReference | undefined,
): Readonly<Record<string, OpenApiResponse | OpenApiReference>> {
  const responses: Record<string, OpenApiResponse | OpenApiReference> = {}
  for (const [key, schema] of Object.entries(isSchema(declared) ? declared : {})) {
    const status = /^\dxx$/i.test(key) ? key.toUpperCase() : key
    responses[status] = toResponse(status, isSchema(schema) ? schema : {}, components, scope)
  }
  if (Object.keys(responses).length === 0) responses['2XX'] = { description: 'Success' }
  if (refusal && !responses['4XX']) responses['4XX'] = refusal
  return responses
}

function toResponse(status: string, schema: Schema, components: Components, scope: SchemaScope): OpenApiResponse {
  const { description } = schema
  const text = typeof description === 'string' ? description : (STATUS_CODES[status] ?? families[status] ?? `Status ${status}`)
  if (isSchema(schema['content'])) return { description: text, content: mediaOf(schema['content'], components, scope) }
  const isEmpty = schema['type'] === 'null' || status === '204' || status === '304'
  return isEmpty
    ? { description: text }
    : { description: text, content: { 'application/json': { schema: components.convert(schema, scope) } } }
}

/** @param consumes the media types a route says it takes */
export function bodyOf(body: unknown, consumes: unknown, components: Components, scope: SchemaScope): OpenApiBody | undefined {
  if (!isSchema(body)) return undefined
  const { description } = body
  const described = typeof description === 'string' ? { description } : {}
  if (isSchema(body['content'])) return { ...described, required: true, content: mediaOf(body['content'], components, scope) }
  const types = Array.isArray(consumes) && consumes.length > 0 ? consumes.map(String) : ['application/json']
  const media: OpenApiMedia = { schema: components.convert(body, scope) }
  return { ...described, required: true, content: Object.fromEntries(types.map((type) => [type, media])) }
}

function mediaOf(content: Schema, components: Components, scope: SchemaScope): Readonly<Record<string, OpenApiMedia>> {
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => [
      type,
      { schema: components.convert(isSchema(media) ? (media['schema'] ?? {}) : {}, scope) },
    ]),
  )
}
