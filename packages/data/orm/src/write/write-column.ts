import { checkValue } from '../codecs/check.ts'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidValueError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { rawOf } from './raw.ts'

/** A column as the writer of its model uses it. Values are checked ones, null included, unless it says otherwise. */
export interface WriteColumn {
  readonly column: ColumnMeta
  readonly property: string
  readonly name: string
  readonly index: number
  /** Marks the column in the key of a set of columns. */
  readonly mark: number | string
  readonly field: FieldDefinition
  /** What a message calls it. */
  readonly where: string
  /** From what the user gave to a checked value. @throws {InvalidValueError} {@link UndefinedValueError} */
  check(value: unknown): unknown
  /** To what the driver would answer, which it takes as a parameter too. Not called for null. */
  readonly raw: ((value: unknown) => unknown) | undefined
  readonly decode: ((raw: unknown) => unknown) | undefined
  /** The same, and of values that need no decoding what refuses those that are none. */
  readonly read: ((raw: unknown) => unknown) | undefined
  /** The cast a parameter needs where the engine cannot tell its type by itself. */
  readonly cast: string | undefined
  /** The value of a create that leaves the column out; absent when the engine decides. @param now the time of the write */
  readonly initial: ((now: Date) => unknown) | undefined
  /** The engine counts up. */
  readonly counted: boolean
  /** The step of an UPDATE that sets a value in this column alone: most set one. */
  readonly setStep: readonly [string]
}

export function writeColumn(meta: ModelMeta, column: ColumnMeta, dialect: string): WriteColumn {
  const { property, index, field } = column
  const where = `${meta.name}.${property}`
  const codec = codecOf(field, dialect)
  const check = checker(field, where)
  return {
    column,
    property,
    name: column.column,
    index,
    mark: markOf(meta, index),
    field,
    where,
    check,
    raw: rawOf(field, dialect, codec),
    decode: codec.decode,
    read: codec.decode ?? codec.guard,
    cast: codec.cast,
    initial: initial(field, check),
    setStep: [`set ${property}`],
    counted: (field.type === 'id' || field.type === 'bigid') && meta.primaryKey.length === 1,
  }
}

/** @param where what a message calls the column @throws {InvalidValueError} when the engine computes it */
export function assertWritable({ generated }: FieldDefinition, where: string): void {
  if (generated) throw new InvalidValueError(where, 'the engine computes it, so it cannot be written.')
}

/** How many columns fit the bits of a number. */
const bits = 50

/** The mark that a set without columns begins with. */
export function noMark({ columns }: ModelMeta): number | string {
  return columns.length > bits ? '' : 0
}

function markOf({ columns }: ModelMeta, index: number): number | string {
  return columns.length > bits ? `${index},` : 2 ** index
}

function checker(field: FieldDefinition, where: string): (value: unknown) => unknown {
  const { checks = [] } = field
  if (checks.length === 0) return (value) => checkValue(value, field, where)
  return (value) => {
    const checked = checkValue(value, field, where)
    for (const check of checks) {
      const problem = checked === null ? undefined : check(checked)
      if (problem !== undefined) throw new InvalidValueError(where, problem)
    }
    return checked
  }
}

function initial(field: FieldDefinition, check: (value: unknown) => unknown): WriteColumn['initial'] {
  const { duty, default: given } = field
  if (duty === 'createdAt' || duty === 'updatedAt') return (now) => now
  if (duty === 'deletedAt') return () => null
  if (given === undefined) return undefined
  if (typeof given === 'function') return () => check((given as () => unknown)())
  // A date or an object of the declaration must not become that of every row.
  if (typeof given === 'object' && given !== null) return () => check(given)
  const value = check(given)
  return () => value
}
