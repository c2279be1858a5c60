import type { Json, JsonObject } from '../types.ts'
import { type Html, markup } from './html.ts'

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

/** A schema as people write types: `{ slug: string, tags?: string[] }`, references as links. */
export function schemaText(schema: Json | undefined, indent: string = ''): Html {
  if (!isObject(schema)) return markup`${schema === false ? 'never' : 'any'}`
  const { $ref, type } = schema
  if (typeof $ref === 'string') return link($ref)
  if ('const' in schema) return markup`${JSON.stringify(schema['const'])}`
  if ('enum' in schema)
    return markup`${listOf(schema['enum'])
      .map((value) => JSON.stringify(value))
      .join(' | ')}`
  for (const [keyword, sign] of [
    ['anyOf', ' | '],
    ['oneOf', ' | '],
    ['allOf', ' & '],
  ] as const) {
    if (keyword in schema)
      return joined(
        listOf(schema[keyword]).map((part) => schemaText(part, indent)),
        sign,
      )
  }
  if (Array.isArray(type)) return markup`${type.join(' | ')}`
  if (type === 'array') return arrayText(schema, indent)
  if (type === 'object' || 'properties' in schema) return objectText(schema, indent)
  return markup`${typeof type === 'string' ? type : 'any'}${hints(schema)}`
}

function arrayText(schema: JsonObject, indent: string): Html {
  if (schema['prefixItems'])
    return markup`[${joined(
      listOf(schema['prefixItems']).map((part) => schemaText(part, indent)),
      ', ',
    )}]`
  return markup`${schemaText(schema['items'], indent)}[]`
}

function objectText(schema: JsonObject, indent: string): Html {
  const inner = `${indent}  `
  const required = new Set(listOf(schema['required']))
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const lines = Object.entries(properties).map(
    ([name, value]) => markup`${inner}${name}${required.has(name) ? '' : '?'}: ${schemaText(value, inner)}${note(value)}\n`,
  )
  const { patternProperties, additionalProperties } = schema
  const rest = [
    ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
    ...(isObject(additionalProperties) ? [additionalProperties] : []),
  ]
  const more = rest.map((value) => markup`${inner}[name]: ${schemaText(value, inner)}\n`)
  return lines.length + more.length === 0 ? markup`{}` : markup`{\n${lines}${more}${indent}}`
}

function link($ref: string): Html {
  const name = $ref.replace('#/components/schemas/', '')
  return markup`<a href="#schema-${name}">${name}</a>`
}

function joined(parts: readonly Html[], sign: string): Html {
  return markup`${parts.map((part, index) => (index === 0 ? part : markup`${sign}${part}`))}`
}

const limits = ['format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'default'] as const

function hints(schema: JsonObject): string {
  const said = limits.flatMap((limit) => (schema[limit] === undefined ? [] : [`${limit} ${JSON.stringify(schema[limit])}`]))
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}

function note(schema: Json): string {
  return isObject(schema) && typeof schema['description'] === 'string' ? `  — ${schema['description']}` : ''
}
