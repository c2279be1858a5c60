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
  /** The cast a parameter needs where the engine cannot tell its type by itself; on SQLite, numbers that are integers. */
  readonly cast?: string
}

/** The codecs of one engine. */
export type Codecs = Readonly<Record<FieldType, (field: FieldDefinition) => Codec>>

export const plain: Codec = {}

const bigint: Codec = { decode: (raw) => BigInt(raw as number | bigint | string) }

/** Of engines whose drivers give and take numbers and text as such, unlike PostgreSQL's text format. */
export const native: Pick<Codecs, 'id' | 'bigid' | 'uuid' | 'string' | 'text' | 'int' | 'bigint' | 'date' | 'enum'> = {
  id: () => plain,
  bigid: () => bigint,
  uuid: () => plain,
  string: () => plain,
  text: () => plain,
  int: () => plain,
  bigint: () => bigint,
  date: () => plain,
  enum: () => plain,
}
