import { decodeJson, encodeJson } from './json.ts'
import { type Codec, type Codecs, plain } from './codec.ts'
import { scaledDecimal } from './scaled-decimal.ts'

const bool: Codec = { encode: (value) => (value === true ? 1 : 0), decode: (raw) => raw === 1 }
const bigint: Codec = { decode: (raw) => BigInt(raw as number | bigint | string) }
const datetime: Codec = { encode: (value) => (value as Date).toISOString(), decode: (raw) => new Date(raw as string) }
const json: Codec = { encode: encodeJson, decode: (raw) => decodeJson(raw as string) }
// A copy: the row keeps what was read, to compare with.
const bytes: Codec = { decode: (raw) => new Uint8Array(raw as Uint8Array) }

/** SQLite has integers, floats, text and blobs; everything else is one of these. */
export const sqliteCodecs: Codecs = {
  id: () => plain,
  bigid: () => bigint,
  uuid: () => plain,
  string: () => plain,
  text: () => plain,
  int: () => plain,
  bigint: () => bigint,
  decimal: ({ precision = 38, scale = 0 }) => (precision <= 18 ? scaledDecimal(scale) : plain),
  float: () => plain,
  bool: () => bool,
  datetime: () => datetime,
  date: () => plain,
  time: () => plain,
  json: () => json,
  enum: () => plain,
  bytes: () => bytes,
}
