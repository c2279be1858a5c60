import { types } from 'node:util'
import { TooManyParametersError } from '../errors.ts'
import type { WireValue } from '../wire/protocol.ts'
import { toArrayText } from './array-text.ts'
import { bytesOf } from './bytes.ts'
import { objectText, scalarText } from './scalar-text.ts'

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
