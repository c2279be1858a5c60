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
    default:
      throw errors.UnbindableValueError.of(value, position)
  }
}

/** A Date as text. */
export function objectText(value: object, position: number): string {
  if (!types.isDate(value) || Number.isNaN(value.getTime())) throw errors.UnbindableValueError.of(value, position)
  const text = fromDate(value)
  if (text === undefined) throw new errors.UnbindableValueError(position, 'a Date before the year 1', 'Pass its text, as 0044-03-15 BC.')
  return text
}
