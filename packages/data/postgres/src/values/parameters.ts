import { types } from 'node:util'
import { errors } from '@covet/db'
import { TooManyParametersError } from '../errors.ts'
import type { WireValue } from '../wire/protocol.ts'
import { toArrayText } from './array-text.ts'
import { bytesOf } from './bytes.ts'
import { fromDate } from './timestamp.ts'

const most = 65_535

/**
 * Parameters as PostgreSQL takes them: text, from which the server reads the type the statement asks for, or bytes.
 * @throws {UnbindableValueError} {@link TooManyParametersError}
 */
export function bind(params: readonly unknown[]): WireValue[] {
  if (params.length > most) throw new TooManyParametersError(params.length)
  const bound = new Array<WireValue>(params.length)
  for (let index = 0; index < params.length; index += 1) bound[index] = toWire(params[index], index + 1)
  return bound
}

function toWire(value: unknown, position: number): WireValue {
  if (typeof value !== 'object') return scalarText(value, position)
  if (value === null) return null
  if (types.isUint8Array(value)) return bytesOf(value)
  if (Array.isArray(value)) return toArrayText(value, position)
  return objectText(value, position)
}

/** A string, number, bigint or boolean as text. */
export function scalarText(value: unknown, position: number): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'undefined':
      throw new errors.UnbindableValueError(position, 'undefined', 'Pass null for SQL NULL, or leave the column out.')
    default:
      throw new errors.UnbindableValueError(position, `a ${typeof value}`, 'Pass a value that can be stored.')
  }
}

/** A Date as text. */
export function objectText(value: object, position: number): string {
  if (!types.isDate(value)) {
    throw new errors.UnbindableValueError(position, 'an object', 'Use JSON.stringify() to store it, or pass one of its members.')
  }
  if (Number.isNaN(value.getTime())) throw new errors.UnbindableValueError(position, 'an invalid Date', 'Check it before it is stored.')
  const text = fromDate(value)
  if (text === undefined) throw new errors.UnbindableValueError(position, 'a Date before the year 1', 'Pass its text, as 0044-03-15 BC.')
  return text
}
