import { types } from 'node:util'
import { errors } from '@covet/db'
import { isScaled } from '../expressions/decimals.ts'
import type { ValueType } from '../expressions/node.ts'
import { codecOf } from './codec-of.ts'
import { fromScaled } from './scaled-decimal.ts'
import { parseTimestamp } from './timestamp.ts'

type Decode = (raw: unknown) => unknown

/**
 * How the value of an expression is read. Engines answer sums and averages in types of their own, so that what a column
 * of the type would answer cannot be relied on.
 */
export function computedDecoder(type: ValueType, dialect: string): Decode {
  if (type.encrypted) return codecOf(type, dialect).decode ?? ((raw) => raw)
  switch (type.type) {
    case 'id':
    case 'int':
      return safeInteger
    case 'float':
      return Number
    case 'bigid':
    case 'bigint':
      return (raw) => BigInt(raw as number | bigint | string)
    case 'bool':
      return (raw) => raw === true || raw === 't' || Number(raw) === 1
    case 'decimal':
      return decimalDecoder(type, dialect)
    case 'datetime':
      // A copy: the cache keeps what was read.
      return (raw) => (types.isDate(raw) ? new Date(raw) : parseTimestamp(String(raw)))
    case 'json':
      return (raw) => (typeof raw === 'string' ? parsedOrText(raw) : raw)
    case 'bytes':
      return bytesDecoder(codecOf(type, dialect).decode)
    default:
      return codecOf(type, dialect).decode ?? ((raw) => raw)
  }
}

/** PostgreSQL's row objects have bytes where its text format has hexadecimal digits. */
function bytesDecoder(decode: Decode = (raw) => raw): Decode {
  return (raw) => (types.isUint8Array(raw) ? new Uint8Array(raw) : decode(raw))
}

/** @throws {UnrepresentableValueError} for a sum beyond 2^53 */
function safeInteger(raw: unknown): number {
  const value = Number(raw)
  if (!Number.isSafeInteger(value) && Number.isInteger(value)) {
    throw new errors.UnrepresentableValueError(
      'A number the database computed exceeds 2^53 - 1, so a JavaScript number cannot hold it',
      'Make the field a bigint or a decimal.',
    )
  }
  return value
}

function decimalDecoder(type: ValueType, dialect: string): Decode {
  return dialect === 'sqlite' && isScaled(type) ? (raw) => fromScaled(scaledInteger(raw), type.scale) : String
}

/** @throws {UnrepresentableValueError} for a sum SQLite went on with in floating point */
function scaledInteger(raw: unknown): bigint {
  if (typeof raw === 'number' && !Number.isSafeInteger(raw)) {
    throw new errors.UnrepresentableValueError(
      'A decimal that SQLite computed does not fit into the 64 bits of its integers, so its last digits are lost',
      'Compute it in your code, or use another engine.',
    )
  }
  return BigInt(raw as number | bigint)
}

/** JSON as the engine writes it, or the bare text of a fragment. */
function parsedOrText(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown
  } catch {
    return raw
  }
}
