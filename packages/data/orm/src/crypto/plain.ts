import { decodeJson, encodeJson } from '../codecs/json.ts'
import type { FieldDefinition } from '../fields/definition.ts'

/** The bytes of a checked value, the same on every engine. */
export function toPlain(value: unknown, { type }: FieldDefinition): Uint8Array {
  if (type === 'bytes') return value as Uint8Array
  return Buffer.from(textOf(value, type))
}

function textOf(value: unknown, type: FieldDefinition['type']): string {
  if (type === 'json') return encodeJson(value)
  return type === 'datetime' ? (value as Date).toISOString() : String(value)
}

export function fromPlain(bytes: Uint8Array, { type }: FieldDefinition): unknown {
  if (type === 'bytes') return new Uint8Array(bytes)
  const text = Buffer.from(bytes).toString()
  switch (type) {
    case 'id':
    case 'int':
    case 'float':
      return Number(text)
    case 'bigid':
    case 'bigint':
      return BigInt(text)
    case 'bool':
      return text === 'true'
    case 'datetime':
      return new Date(text)
    case 'json':
      return decodeJson(text)
    default:
      return text
  }
}
