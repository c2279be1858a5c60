import { types } from 'pg'
import { toBytes } from './bytes.ts'
import { toDate } from './timestamp.ts'

/** The value of a column's text, which is never NULL. */
export type Decoder = (text: string) => unknown

const decoders = new Map<number, Decoder>()

/** What is not here stays text: numeric, date, time, timestamp without time zone, interval, uuid, enums, ranges and all the rest. */
const scalars: readonly (readonly [type: number, array: number, decode: Decoder | undefined])[] = [
  [16, 1000, (text) => text === 't'], // bool
  [17, 1001, toBytes],
  [20, 1016, toInteger], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [26, 1028, Number], // oid
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [114, 199, parseJson],
  [3802, 3807, parseJson], // jsonb
  [1184, 1185, toDate], // timestamptz
  [1700, 1231, undefined], // numeric
  [25, 1009, undefined], // text
  [1043, 1015, undefined], // varchar
  [1042, 1014, undefined], // bpchar
  [18, 1002, undefined], // "char"
  [19, 1003, undefined], // name
  [1082, 1182, undefined], // date
  [1083, 1183, undefined], // time
  [1266, 1270, undefined], // timetz
  [1114, 1115, undefined], // timestamp
  [1186, 1187, undefined], // interval
  [2950, 2951, undefined], // uuid
  [869, 1041, undefined], // inet
  [650, 651, undefined], // cidr
  [142, 143, undefined], // xml
]

for (const [type, array, decode] of scalars) {
  if (decode !== undefined) decoders.set(type, decode)
  decoders.set(array, arrayDecoder(decode ?? ((text) => text)))
}

/** By the OID of the column's type; undefined where the text is the value. */
export function decoderOf(type: number): Decoder | undefined {
  return decoders.get(type)
}

/** A number where it is exact, else the bigint. */
function toInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function parseJson(text: string): unknown {
  return JSON.parse(text)
}

/** pg's own parser of array texts, of which the published types know nothing. */
interface ArrayParser {
  create(text: string, decode: Decoder): { parse(): unknown[] }
}

function arrayDecoder(decode: Decoder): Decoder {
  const { arrayParser } = types as unknown as { arrayParser: ArrayParser }
  return (text) => arrayParser.create(text, decode).parse()
}
