import { typeNameSql } from '@covet/db/catalog'
import type { FieldDefinition } from '../fields/definition.ts'
import { decodeJson, storedJson } from './json.ts'
import { beyondNumbers, type Codec, type Codecs } from './codec.ts'
import { parseTimestamp } from './timestamp.ts'

const int: Codec = { decode: wholeNumber, cast: 'bigint' }
const bigint: Codec = { decode: (raw) => BigInt(raw as string), cast: 'bigint' }
const text: Codec = { cast: 'text' }
const float: Codec = { decode: Number, cast: 'double precision' }
const bool: Codec = { decode: (raw) => raw === 't', cast: 'boolean' }
const datetime: Codec = { decode: (raw) => parseTimestamp(raw as string), cast: 'timestamptz' }
const json: Codec = { encode: storedJson, decode: (raw) => decodeJson(raw as string), cast: 'jsonb' }
const bytes: Codec = { decode: (raw) => new Uint8Array(Buffer.from((raw as string).slice(2), 'hex')), cast: 'bytea' }

/** PostgreSQL answers in row mode `text` with its text format. */
export const postgresCodecs: Codecs = {
  id: () => int,
  bigid: () => bigint,
  uuid: () => ({ cast: 'uuid' }),
  string: letters,
  text: letters,
  int: () => int,
  bigint: () => bigint,
  decimal: () => ({ cast: 'numeric' }),
  float: () => float,
  bool: () => bool,
  datetime: () => datetime,
  date: () => ({ cast: 'date' }),
  time: () => ({ cast: 'time' }),
  json: () => json,
  enum: ({ native }) => (native ? { cast: typeNameSql(native) } : text),
  bytes: () => bytes,
}

/** A list of another type than the column's would be compared by case. */
function letters({ ci }: FieldDefinition): Codec {
  return ci ? { cast: 'citext' } : text
}

/** @throws {UnrepresentableValueError} beyond 2^53, where a number would be another one */
function wholeNumber(raw: unknown): number {
  const value = Number(raw)
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw beyondNumbers()
  return value
}
