import { types } from 'node:util'
import { errors, maxInt64, minInt64 } from '@covet/db'
import mysql from 'mysql2'

const maxUint64 = 2n ** 64n - 1n

/** A parameter as MariaDB and MySQL store it, whichever protocol takes it there. */
type Bound = string | number | bigint | Buffer | null

/**
 * The statement with its parameters as literals, for the text protocol. Strings are escaped with backslashes, which the
 * session's `sql_mode` allows and its character set, utf8mb4, makes safe.
 * @throws {UnbindableValueError} {@link QueryFailed} when there are more or fewer parameters than placeholders
 */
export function interpolate(parts: readonly string[], params: readonly unknown[]): string {
  let text = parts[0] ?? ''
  for (let index = 0; index < params.length; index += 1) text += toLiteral(toBound(params[index], index + 1)) + parts[index + 1]
  return text
}

/**
 * Parameters for a prepared statement, of the types their literals have: the answers of a statement must not change with
 * the protocol it happens to take.
 * @throws {UnbindableValueError}
 */
export function bind(params: readonly unknown[]): unknown[] {
  const bound = new Array<unknown>(params.length)
  for (let index = 0; index < params.length; index += 1) bound[index] = toTyped(toBound(params[index], index + 1))
  return bound
}

/** @throws {QueryFailed} */
export function assertCount(parts: readonly string[], params: readonly unknown[]): void {
  const wanted = parts.length - 1
  if (wanted !== params.length) throw new errors.QueryFailed(`it has ${wanted} placeholders and was given ${params.length} parameters`)
}

function toLiteral(value: Bound): string {
  switch (typeof value) {
    case 'string':
      return mysql.escape(value)
    case 'number':
      // With an exponent it is a double; without one the server would take it for a decimal. Parenthesised, `1-?` cannot
      // turn into a comment.
      return value < 0 ? `(${value.toExponential()})` : value.toExponential()
    case 'bigint':
      return value < 0n ? `(${value})` : String(value)
    default:
      return value === null ? 'null' : `x'${value.toString('hex')}'`
  }
}

function toTyped(value: Bound): unknown {
  if (typeof value !== 'bigint') return value
  return value > maxInt64 ? mysql.TypedParameter.LONGLONG.unsigned(value) : mysql.TypedParameter.LONGLONG(value)
}

function toBound(value: unknown, position: number): Bound {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return fromNumber(value, position)
    case 'boolean':
      return value ? 1n : 0n
    case 'bigint':
      if (value < minInt64 || value > maxUint64)
        throw new errors.UnbindableValueError(position, 'a bigint beyond 64 bits', 'Store it as text, or in a DECIMAL column.')
      return value
    case 'object':
      return fromObject(value, position)
    default:
      throw errors.UnbindableValueError.of(value, position)
  }
}

function fromNumber(value: number, position: number): number | bigint {
  if (Number.isSafeInteger(value)) return BigInt(value)
  if (!Number.isFinite(value))
    throw new errors.UnbindableValueError(position, String(value), 'No column holds it; pass null if that is meant.')
  return value
}

function fromObject(value: object | null, position: number): Bound {
  if (value === null) return value
  if (types.isUint8Array(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (types.isDate(value)) return fromDate(value, position)
  throw errors.UnbindableValueError.of(value, position)
}

/** `2024-03-10 02:30:00.123` in UTC, which is the time zone of every session. */
function fromDate(value: Date, position: number): string {
  if (Number.isNaN(value.getTime())) throw errors.UnbindableValueError.of(value, position)
  const iso = value.toISOString()
  if (iso.length !== 24) throw new errors.UnbindableValueError(position, 'a Date beyond the years 0 to 9999', 'Store it as text.')
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`
}
