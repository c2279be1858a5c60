import { types } from 'node:util'
import { errors } from '@covet/db'
import { fromDate } from './timestamp.ts'

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
