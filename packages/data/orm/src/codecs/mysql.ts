import { types } from 'node:util'
import { shortTime } from './check.ts'
import { decodeJson, storedJson } from './json.ts'
import { type Codec, type Codecs, native } from './codec.ts'
import { instantOf } from './timestamp.ts'

const bool: Codec = { encode: (value) => (value === true ? 1 : 0), decode: (raw) => raw === 1 || raw === true }
// A copy: the row keeps what was read, to compare with.
const datetime: Codec = { decode: (raw) => (types.isDate(raw) ? new Date(raw) : instantOf(`${String(raw).replace(' ', 'T')}Z`)) }
const time: Codec = { decode: (raw) => shortTime(raw as string) }
const decimal: Codec = { decode: String }
const float: Codec = { decode: Number }
// MariaDB's JSON is text, MySQL's comes parsed.
const json: Codec = { encode: storedJson, decode: (raw) => (typeof raw === 'string' ? decodeJson(raw) : raw) }
const bytes: Codec = { decode: (raw) => new Uint8Array(raw as Uint8Array) }

/** MariaDB and MySQL. */
export const mysqlCodecs: Codecs = {
  ...native,
  decimal: () => decimal,
  float: () => float,
  bool: () => bool,
  datetime: () => datetime,
  time: () => time,
  json: () => json,
  bytes: () => bytes,
}
