import { types } from 'node:util'
import { shortTime } from './check.ts'
import { decodeJson, encodeJson } from './json.ts'
import { type Codec, type Codecs, plain } from './codec.ts'

const bigint: Codec = { decode: (raw) => BigInt(raw as number | bigint | string) }
const bool: Codec = { encode: (value) => (value === true ? 1 : 0), decode: (raw) => raw === 1 || raw === true }
const datetime: Codec = { decode: (raw) => (types.isDate(raw) ? raw : new Date(`${String(raw).replace(' ', 'T')}Z`)) }
const time: Codec = { decode: (raw) => shortTime(raw as string) }
const decimal: Codec = { decode: String }
const float: Codec = { decode: Number }
// MariaDB's JSON is text, MySQL's comes parsed.
const json: Codec = { encode: encodeJson, decode: (raw) => (typeof raw === 'string' ? decodeJson(raw) : raw) }
const bytes: Codec = { decode: (raw) => new Uint8Array(raw as Uint8Array) }

/** MariaDB and MySQL. */
export const mysqlCodecs: Codecs = {
  id: () => plain,
  bigid: () => bigint,
  uuid: () => plain,
  string: () => plain,
  text: () => plain,
  int: () => plain,
  bigint: () => bigint,
  decimal: () => decimal,
  float: () => float,
  bool: () => bool,
  datetime: () => datetime,
  date: () => plain,
  time: () => time,
  json: () => json,
  enum: () => plain,
  bytes: () => bytes,
}
