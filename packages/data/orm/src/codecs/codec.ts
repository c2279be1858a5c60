import { errors } from '@covet/db'
import type { FieldDefinition, FieldType } from '../fields/definition.ts'

/**
 * How the values of one field travel. A missing function means that the value is the same on both sides. None of them
 * sees null.
 */
export interface Codec {
  /** From a checked value to the driver's parameter. */
  readonly encode?: (value: unknown) => unknown
  /** From what the driver answers in row mode `text`. */
  readonly decode?: (raw: unknown) => unknown
  /** Of values that are the same on both sides, if they are at all: refuses what the driver may answer and no value is. */
  readonly guard?: (raw: unknown) => unknown
  /** The cast a parameter needs where the engine cannot tell its type by itself; on SQLite, numbers that are integers. */
  readonly cast?: string
}

/** The codecs of one engine. */
export type Codecs = Readonly<Record<FieldType, (field: FieldDefinition) => Codec>>

export const plain: Codec = {}

/** @throws {UnrepresentableValueError} beyond 2^53, where drivers give a bigint */
export function safeInteger(raw: unknown): unknown {
  if (typeof raw === 'bigint') throw beyondNumbers()
  return raw
}

/** Of an integer that was read for a number. */
export function beyondNumbers(): errors.UnrepresentableValueError {
  return new errors.UnrepresentableValueError(
    'An integer of the database exceeds 2^53 - 1, so a JavaScript number cannot hold it',
    'Make the field a bigint, or its key f.bigid().',
  )
}

const integer: Codec = { guard: safeInteger }
const bigint: Codec = { decode: (raw) => BigInt(raw as number | bigint | string) }

/** Of engines whose drivers give and take numbers and text as such, unlike PostgreSQL's text format. */
export const native: Pick<Codecs, 'id' | 'bigid' | 'uuid' | 'string' | 'text' | 'int' | 'bigint' | 'date' | 'enum'> = {
  id: () => integer,
  bigid: () => bigint,
  uuid: () => plain,
  string: () => plain,
  text: () => plain,
  int: () => integer,
  bigint: () => bigint,
  date: () => plain,
  enum: () => plain,
}
