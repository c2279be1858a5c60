import { types } from 'node:util'
import type { FieldDefinition } from '../fields/definition.ts'

/** A value as JSON has it, where it came as what the model holds: schemas know JSON only. */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value
}

/** The value a model holds for one that has passed its schema. */
export function fromJsonValue({ type }: FieldDefinition, value: unknown): unknown {
  if (typeof value !== 'string') return value
  switch (type) {
    case 'bigint':
    case 'bigid':
      return BigInt(value)
    case 'datetime':
      return new Date(value)
    case 'bytes':
      return new Uint8Array(Buffer.from(value, 'base64'))
    default:
      return value
  }
}
