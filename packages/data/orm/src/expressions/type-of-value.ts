import { types } from 'node:util'
import type { ValueType } from './node.ts'

/** The type a bare value has in SQL. */
export function typeOfValue(given: unknown): ValueType {
  switch (typeof given) {
    case 'boolean':
      return { type: 'bool', nullable: false }
    case 'number':
      return { type: Number.isInteger(given) ? 'int' : 'float', nullable: false }
    case 'bigint':
      return { type: 'bigint', nullable: false }
    case 'string':
      return { type: 'text', nullable: false }
    default:
      return ofObject(given)
  }
}

function ofObject(given: unknown): ValueType {
  if (types.isDate(given)) return { type: 'datetime', nullable: false }
  if (types.isUint8Array(given)) return { type: 'bytes', nullable: false }
  return { type: 'json', nullable: true }
}
