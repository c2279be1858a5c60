import { types } from 'node:util'
import { maxInt64, minInt64 } from '@covet/db'
import { InvalidValueError, UndefinedValueError } from '../errors.ts'
import type { FieldDefinition, FieldType } from '../fields/definition.ts'

type Check = (value: unknown, field: FieldDefinition) => unknown

/** Marks a value that was refused. */
const refused = Symbol('refused')
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const day = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?$/
// Without a zone it would mean another moment on every machine. What is beyond the clock, such as 25:00, `Date` refuses.
const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/i
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

/** JSON's null, where a bare null would be SQL's NULL. */
export const JsonNull: unique symbol = Symbol('JSON null')

const expected: Readonly<Record<FieldType, string>> = {
  id: 'a whole number up to 2^53',
  bigid: 'a bigint of 64 bits',
  uuid: 'a UUID',
  string: 'a string',
  text: 'a string',
  int: 'a whole number up to 2^53',
  bigint: 'a bigint of 64 bits',
  decimal: 'a decimal number as a string or number',
  float: 'a finite number',
  bool: 'true or false',
  datetime: "a valid Date of the years 0001 to 9999, or its ISO 8601 text with a zone: add 'Z' or an offset such as '+02:00'",
  date: "a day as 'YYYY-MM-DD'",
  time: "a time as 'HH:MM:SS', with up to three digits after the second",
  json: 'a value that JSON can hold',
  enum: 'one of its values',
  bytes: 'a Uint8Array',
}

const checks: Readonly<Record<FieldType, Check>> = {
  id: wholeNumber,
  bigid: bigInteger,
  uuid: (value) => (typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : refused),
  string: text,
  text,
  int: wholeNumber,
  bigint: bigInteger,
  decimal: (value, field) => decimalText(value, field),
  float: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : refused),
  bool: (value) => (typeof value === 'boolean' ? value : refused),
  datetime: instant,
  date: (value) => (typeof value === 'string' && day.test(value) && isDay(value) ? value : refused),
  time: (value) => (typeof value === 'string' && time.test(value) ? shortTime(value) : refused),
  json: (value) => (typeof value === 'function' || typeof value === 'symbol' ? (value === JsonNull ? value : refused) : value),
  enum: (value, { values = [] }) => (typeof value === 'string' && values.includes(value) ? value : refused),
  bytes: (value) => (types.isUint8Array(value) ? value : refused),
}

/**
 * The value in the form its codec takes, whatever the engine: a Date for the text of one, a bigint for a safe number.
 * Null is accepted; whether the column takes it is the engine's to say.
 * @throws {UndefinedValueError} {@link InvalidValueError}; neither message holds the value
 */
export function checkValue(value: unknown, field: FieldDefinition, where: string): unknown {
  if (value === null) return null
  if (value === undefined) throw new UndefinedValueError(where)
  const checked = checks[field.type](value, field)
  if (checked === refused) throw new InvalidValueError(where, `expected ${expectation(field)}, got ${kindOf(value)}.`)
  return checked
}

function expectation({ type, values = [], precision, scale }: FieldDefinition): string {
  if (type === 'enum') return `one of ${values.map((value) => `'${value}'`).join(', ')}`
  if (type === 'decimal') return `${expected.decimal} with at most ${precision ?? 0} digits, ${scale ?? 0} of them after the point`
  return expected[type]
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string' && value.includes('\0')) return 'a string with a NUL character'
  return `a ${typeof value} that is not`
}

function wholeNumber(value: unknown): unknown {
  if (typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return Number(value)
  return Number.isSafeInteger(value) ? value : refused
}

function bigInteger(value: unknown): unknown {
  const digits = typeof value === 'string' && /^-?\d{1,19}$/.test(value)
  const integer = digits || Number.isSafeInteger(value) ? BigInt(value as string | number) : value
  return typeof integer === 'bigint' && integer <= maxInt64 && integer >= minInt64 ? integer : refused
}

/** PostgreSQL cannot store NUL, and where others can, it ends strings for half the tools around. */
function text(value: unknown): unknown {
  return typeof value === 'string' && !value.includes('\0') ? value : refused
}

/** Without zeros that say nothing: engines differ in whether they print them. */
export function shortTime(time: string): string {
  return time.includes('.') ? time.replace(/\.?0+$/, '') : time
}

function instant(value: unknown): unknown {
  if (types.isDate(value)) return inYears(value)
  return typeof value === 'string' && isoInstant.test(value) && isDay(value.slice(0, 10)) ? inYears(new Date(value)) : refused
}

/** The years all engines can store. */
function inYears(date: Date): unknown {
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date : refused
}

function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** The canonical text: `1.50` for 1.5 of scale 2, without a plus sign, leading zeros or a negative zero. */
function decimalText(value: unknown, { precision = 38, scale }: FieldDefinition): unknown {
  const written = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  if (typeof written !== 'string' || !decimal.test(written)) return refused
  const negative = written.startsWith('-')
  const [whole = '', fraction = ''] = written.replace(/^[+-]/, '').split('.')
  const digits = whole.replace(/^0+/, '')
  const rest = fraction.replace(/0+$/, '')
  if (scale === undefined) return averageText(negative, digits, rest)
  if (rest.length > scale || digits.length > precision - scale) return refused
  const unsigned = `${digits === '' ? '0' : digits}${scale > 0 ? `.${rest.padEnd(scale, '0')}` : ''}`
  return negative && /[1-9]/.test(unsigned) ? `-${unsigned}` : unsigned
}

/** An average has as many digits as the engine computes. */
function averageText(negative: boolean, digits: string, fraction: string): string {
  const unsigned = `${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`}`
  return negative && /[1-9]/.test(unsigned) ? `-${unsigned}` : unsigned
}
