import type { FieldDefinition } from '../fields/definition.ts'
import type { Purpose } from '../types/schema.ts'

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Only an integer JSON numbers hold exactly. */
const integer: JsonSchema = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
/** Text: a JSON number would lose digits on its way. */
const bigInteger: JsonSchema = { type: 'string', pattern: '^-?(?:0|[1-9][0-9]{0,18})$', maxLength: 20 }

type OfField = (field: FieldDefinition, purpose: Purpose) => JsonSchema

const schemas: Readonly<Record<FieldDefinition['type'], OfField>> = {
  id: () => integer,
  bigid: () => bigInteger,
  uuid: () => ({ type: 'string', format: 'uuid' }),
  string: ({ max }) => ({ type: 'string', ...(max !== undefined && { maxLength: max }) }),
  text: () => ({ type: 'string' }),
  int: () => integer,
  bigint: () => bigInteger,
  decimal,
  float: () => ({ type: 'number' }),
  bool: () => ({ type: 'boolean' }),
  datetime: () => ({ type: 'string', format: 'date-time' }),
  date: () => ({ type: 'string', format: 'date' }),
  time: () => ({ type: 'string', pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,3})?$', maxLength: 12 }),
  json: () => ({}),
  enum: ({ values = [] }) => ({ type: 'string', enum: [...values] }),
  bytes: () => ({ type: 'string', contentEncoding: 'base64', pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' }),
}

/** The schema of a field as JSON has it. */
export function fieldSchema(field: FieldDefinition, purpose: Purpose): JsonSchema {
  const schema = schemas[field.type](field, purpose)
  const nullable = field.nullable ? orNull(schema) : schema
  return purpose === 'create' && isJsonValue(field.default) ? { ...nullable, default: field.default } : nullable
}

function decimal({ precision = 65, scale = 30 }: FieldDefinition, purpose: Purpose): JsonSchema {
  const whole = precision - scale
  const before = whole === 0 ? '0' : `[0-9]{1,${whole}}`
  const after = scale === 0 ? '' : `(?:\\.[0-9]{1,${scale}})?`
  // A sign and a point beside the digits, and a zero where none is before the point.
  const text: JsonSchema = { type: 'string', pattern: `^-?${before}${after}$`, maxLength: precision + 3 }
  if (purpose === 'read') return text
  const limit = 10 ** whole
  return { anyOf: [text, { type: 'number', exclusiveMinimum: -limit, exclusiveMaximum: limit }] }
}

/** One list of types where there is one type: serializers are quicker with it than with alternatives. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, anyOf, enum: values } = schema
  if (Array.isArray(anyOf)) return { anyOf: [...(anyOf as JsonSchema[]), { type: 'null' }] }
  if (type === undefined) return schema
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) }
}

function isJsonValue(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
