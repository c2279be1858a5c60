import { parseTypeName, type TypeName } from '@covet/db/catalog'
import type { JsonNull } from '../codecs/check.ts'
import { InvalidFieldError } from './errors.ts'
import type { FieldDefinition } from './definition.ts'
import { Field } from './field.ts'
import { uuidv7 } from './uuid.ts'

export interface StringOptions {
  /** Characters at most. @default 255 */
  readonly max?: number
  /** Compares and sorts without regard to case. @default false */
  readonly ci?: boolean
}

export interface EnumOptions {
  /**
   * The enum type of PostgreSQL that the column has, exactly as it is called: `mood`, or `sales.mood` of another schema; a name
   * with a dot stands in double quotes. To other engines it means nothing. @default text with a check
   */
  readonly native?: string
}

type DateInput = Date | string
type BigIntInput = bigint | string

/** What a model is declared with. The value in TypeScript and the column on each engine are in the README's codec table. */
export interface Fields {
  /** A number the engine counts up: the primary key. */
  id(): Field<number, number, 'number', 'optional' | 'primary'>
  /** The same as a bigint, for more than 2^53 rows. */
  bigid(): Field<bigint, BigIntInput, 'bigint', 'optional' | 'primary'>
  /** @default a UUID of version 7, made in the application: it sorts by the time of its creation */
  uuid(): Field<string, string, 'uuid', 'optional'>
  /** @throws {InvalidFieldError} unless `max` is an integer from 1 to 65,535 */
  string(options?: StringOptions): Field<string, string, 'text'>
  /** Text without a limit of its own. */
  text(): Field<string, string, 'text'>
  /** An integer that fits a number: up to 2^53 - 1 either side of 0. */
  int(): Field<number, number, 'number'>
  /** An integer of 64 bits; digits in a string are taken too. */
  bigint(): Field<bigint, BigIntInput, 'bigint'>
  /**
   * An exact decimal number, read as a string.
   * @param precision digits altogether, 1 to 65
   * @param scale digits after the point, 0 to 30 and at most `precision`
   * @throws {InvalidFieldError} for numbers outside of that
   */
  decimal(precision: number, scale: number): Field<string, string | number, 'decimal'>
  /** A double. */
  float(): Field<number, number, 'number'>
  bool(): Field<boolean, boolean, 'bool'>
  /** A point in time, to the millisecond. A string is ISO 8601 with its zone. */
  datetime(): Field<Date, DateInput, 'datetime'>
  /** A day of the calendar, `YYYY-MM-DD`. */
  date(): Field<string, string, 'date'>
  /** A time of day, `HH:MM:SS` with up to three digits after the second. */
  time(): Field<string, string, 'time'>
  /** A JSON value. Its type is yours to state; it is not checked. `JsonNull` writes JSON's own null, where null is SQL's. */
  json<T = unknown>(): Field<T, T | typeof JsonNull, 'json'>
  /** @throws {InvalidFieldError} for no values, for the same one twice, or for what is no name of a type */
  enum<const Values extends readonly string[]>(values: Values, options?: EnumOptions): Field<Values[number], Values[number], 'text'>
  bytes(): Field<Uint8Array, Uint8Array, 'bytes'>
  /** A datetime set when the row is created. */
  createdAt(): Field<Date, DateInput, 'datetime', 'optional'>
  /** A datetime set whenever the row is written. */
  updatedAt(): Field<Date, DateInput, 'datetime', 'optional'>
  /** Makes `delete` keep the row and note the time here; queries then leave such rows out. */
  deletedAt(): Field<Date | null, DateInput | null, 'datetime', 'optional'>
  /** Counts the writes of a row; saving what somebody else changed meanwhile is refused. */
  version(): Field<number, number, 'number', 'optional'>
}

export const f: Fields = {
  id: () => field({ type: 'id', primary: true }),
  bigid: () => field({ type: 'bigid', primary: true }),
  uuid: () => field({ type: 'uuid', default: uuidv7 }),
  string: ({ max = 255, ci = false }: StringOptions = {}) => {
    within('f.string({ max })', max, 1, 65_535)
    return field({ type: 'string', max, ...(ci && { ci }) })
  },
  text: () => field({ type: 'text' }),
  int: () => field({ type: 'int' }),
  bigint: () => field({ type: 'bigint' }),
  decimal: (precision: number, scale: number) => {
    within('f.decimal(precision, scale): precision', precision, 1, 65)
    within('f.decimal(precision, scale): scale', scale, 0, Math.min(30, precision))
    return field({ type: 'decimal', precision, scale })
  },
  float: () => field({ type: 'float' }),
  bool: () => field({ type: 'bool' }),
  datetime: () => field({ type: 'datetime' }),
  date: () => field({ type: 'date' }),
  time: () => field({ type: 'time' }),
  json: () => field({ type: 'json' }),
  enum: <const Values extends readonly string[]>(values: Values, { native }: EnumOptions = {}) => {
    assertValues(values)
    return field({ type: 'enum', values: [...values], ...(native !== undefined && { native: typeNamed(native) }) })
  },
  bytes: () => field({ type: 'bytes' }),
  createdAt: () => field({ type: 'datetime', duty: 'createdAt' }),
  updatedAt: () => field({ type: 'datetime', duty: 'updatedAt' }),
  deletedAt: () => field({ type: 'datetime', nullable: true, duty: 'deletedAt' }),
  version: () => field({ type: 'int', duty: 'version', default: 1 }),
}

export interface Timestamps {
  readonly createdAt: Field<Date, DateInput, 'datetime', 'optional'>
  readonly updatedAt: Field<Date, DateInput, 'datetime', 'optional'>
}

/** `createdAt` and `updatedAt`, to be spread into a model. */
export function timestamps(): Timestamps {
  return { createdAt: f.createdAt(), updatedAt: f.updatedAt() }
}

function field<Declared>(definition: Omit<FieldDefinition, 'nullable'> & { readonly nullable?: boolean }): Declared {
  return new Field({ nullable: false, ...definition }) as Declared
}

function within(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new InvalidFieldError(what, `${String(value)} is not an integer from ${least} to ${most}.`)
}

function assertValues(values: readonly string[]): void {
  if (!Array.isArray(values) || values.length === 0) throw new InvalidFieldError('f.enum([...])', 'an enum needs at least one value.')
  for (const [position, value] of values.entries()) {
    if (typeof value !== 'string') throw new InvalidFieldError('f.enum([...])', `value ${position} is no string.`)
    if (values.indexOf(value) !== position) throw new InvalidFieldError('f.enum([...])', `'${value}' is listed twice.`)
  }
}

function typeNamed(native: string): TypeName {
  const found = typeof native === 'string' ? parseTypeName(native) : undefined
  if (found) return found
  throw new InvalidFieldError(
    'f.enum([...], { native })',
    `'${String(native)}' is no name of a type. Write it as it is called, 'mood' or 'sales.mood', and a name with a dot in double quotes.`,
  )
}
