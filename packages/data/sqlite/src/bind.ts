import { types } from 'node:util'
import { errors, maxInt64, minInt64 } from '@covet/db'

/**
 * Parameters as SQLite takes them. A whole number becomes INTEGER (the driver alone would store 1 as 1.0), a boolean 0 or
 * 1, a Date its ISO 8601 text in UTC with milliseconds.
 * @throws {UnbindableValueError}
 */
export function bind(params: readonly unknown[]): readonly unknown[] {
  let bound: unknown[] | undefined
  for (let index = 0; index < params.length; index += 1) {
    const value = params[index]
    // Most parameters are texts, and those go as they are.
    if (typeof value === 'string') continue
    bound ??= params.slice()
    bound[index] = toSqlite(value, index + 1)
  }
  return bound ?? params
}

function toSqlite(value: unknown, position: number): unknown {
  switch (typeof value) {
    case 'number':
      return fromNumber(value, position)
    case 'boolean':
      return value ? 1n : 0n
    case 'bigint':
      if (value < minInt64 || value > maxInt64)
        throw new errors.UnbindableValueError(position, 'a bigint beyond 64 bits', 'Store it as text.')
      return value
    case 'object':
      return fromObject(value, position)
    default:
      throw errors.UnbindableValueError.of(value, position)
  }
}

function fromNumber(value: number, position: number): number | bigint {
  if (Number.isSafeInteger(value)) return BigInt(value)
  if (Number.isNaN(value)) throw new errors.UnbindableValueError(position, 'NaN', 'SQLite would store NULL; pass null if that is meant.')
  return value
}

function fromObject(value: object | null, position: number): unknown {
  if (value === null || types.isUint8Array(value)) return value
  if (types.isDate(value)) return fromDate(value, position)
  throw errors.UnbindableValueError.of(value, position)
}

function fromDate(value: Date, position: number): string {
  if (Number.isNaN(value.getTime())) throw errors.UnbindableValueError.of(value, position)
  return value.toISOString()
}
