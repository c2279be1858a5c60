import { types } from 'node:util'
import { InvalidValueError } from '../errors.ts'
import { isScaled } from '../expressions/decimals.ts'
import { decodeJson, storedJson } from './json.ts'
import { type Codec, type Codecs, native, plain, safeInteger } from './codec.ts'
import { scaledDecimal } from './scaled-decimal.ts'
import { instantOf } from './timestamp.ts'

const integer: Codec = { cast: 'integer', guard: safeInteger }
const bool: Codec = { encode: (value) => (value === true ? 1 : 0), decode: (raw) => raw === 1, cast: 'integer' }
const datetime: Codec = { encode: (value) => (value as Date).toISOString(), decode: (raw) => instantOf(raw as string) }
const average: Codec = { encode: Number, decode: String }
const json: Codec = { encode: storedJson, decode: (raw) => decodeJson(raw as string) }
// A copy: the row keeps what was read, to compare with.
const bytes: Codec = { decode: bytesOf }

/** SQLite has integers, floats, text and blobs; everything else is one of these. */
export const sqliteCodecs: Codecs = {
  ...native,
  id: () => integer,
  int: () => integer,
  decimal: (field) => (isScaled(field) ? scaledDecimal(field.scale) : field.scale === undefined ? average : plain),
  float: () => plain,
  bool: () => bool,
  datetime: () => datetime,
  time: () => plain,
  json: () => json,
  bytes: () => bytes,
}

/** A number there would be taken for a length. */
function bytesOf(raw: unknown): Uint8Array {
  if (!types.isUint8Array(raw)) throw new InvalidValueError('A bytes field of the database', `expected a blob, got a ${typeof raw}.`)
  return new Uint8Array(raw)
}
