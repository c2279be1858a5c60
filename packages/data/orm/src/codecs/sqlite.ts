import { types } from 'node:util'
import { InvalidValueError } from '../errors.ts'
import { decodeJson, encodeJson } from './json.ts'
import { type Codec, type Codecs, plain } from './codec.ts'
import { scaledDecimal } from './scaled-decimal.ts'

const bool: Codec = { encode: (value) => (value === true ? 1 : 0), decode: (raw) => raw === 1 }
const bigint: Codec = { decode: (raw) => BigInt(raw as number | bigint | string) }
const datetime: Codec = { encode: (value) => (value as Date).toISOString(), decode: (raw) => new Date(raw as string) }
const average: Codec = { encode: Number, decode: String }
const json: Codec = { encode: encodeJson, decode: (raw) => decodeJson(raw as string) }
// A copy: the row keeps what was read, to compare with.
const bytes: Codec = { decode: bytesOf }

/** SQLite has integers, floats, text and blobs; everything else is one of these. */
export const sqliteCodecs: Codecs = {
  id: () => plain,
  bigid: () => bigint,
  uuid: () => plain,
  string: () => plain,
  text: () => plain,
  int: () => plain,
  bigint: () => bigint,
  decimal: ({ precision = 38, scale }) => (scale === undefined ? average : precision <= 18 ? scaledDecimal(scale) : plain),
  float: () => plain,
  bool: () => bool,
  datetime: () => datetime,
  date: () => plain,
  time: () => plain,
  json: () => json,
  enum: () => plain,
  bytes: () => bytes,
}

/** A number there would be taken for a length. */
function bytesOf(raw: unknown): Uint8Array {
  if (!types.isUint8Array(raw)) throw new InvalidValueError('A bytes field of the database', `expected a blob, got a ${typeof raw}.`)
  return new Uint8Array(raw)
}
