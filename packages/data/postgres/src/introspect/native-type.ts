import { type ColumnType, parseTypeName } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
  boolean: { kind: 'boolean' },
  smallint: { kind: 'integer', bits: 16 },
  integer: { kind: 'integer', bits: 32 },
  bigint: { kind: 'integer', bits: 64 },
  real: { kind: 'float', bits: 32 },
  'double precision': { kind: 'float', bits: 64 },
  text: { kind: 'text' },
  citext: { kind: 'text', ci: true },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  jsonb: { kind: 'json' },
  bytea: { kind: 'bytes' },
  date: { kind: 'date' },
}

type Sizes = readonly [first: number | undefined, second: number | undefined]

const mostDigits = 6

/** By name and zone. A time with a zone is left out: an hour of no day that shifts with the zone. */
const sized: Readonly<Record<string, (sizes: Sizes) => ColumnType>> = {
  'character varying': ([max]) => ({ kind: 'string', ...(max !== undefined && { max }) }),
  character: ([max = 1]) => ({ kind: 'string', max, fixed: true }),
  numeric: ([precision, scale = 0]) => ({ kind: 'decimal', ...(precision !== undefined && { precision, scale }) }),
  'timestamp with time zone': ([precision = mostDigits]) => ({ kind: 'datetime', precision }),
  'timestamp without time zone': ([precision = mostDigits]) => ({ kind: 'datetime', precision, local: true }),
  'time without time zone': ([precision = mostDigits]) => ({ kind: 'time', precision }),
}

const pattern = /^(?<name>.*?)(?:\((?<first>-?\d+)(?:,(?<second>-?\d+))?\))?(?<zone> with(?:out)? time zone)?$/

/** What a column of this type, as `format_type` prints it, holds. `values`: those of an enum type, or of an array's. */
export function typeOfNative(native: string, values: readonly string[] | undefined): ColumnType {
  if (native.endsWith('[]')) return { kind: 'array', of: typeOfNative(native.slice(0, -2), values) }
  if (values) return { kind: 'enum', values, ...(parseTypeName(native) ?? { name: native }) }
  const { name = '', first, second, zone = '' } = pattern.exec(native)?.groups ?? {}
  const type = sized[name + zone]
  if (type) return type([sizeOf(first), sizeOf(second)])
  // An extension's type is printed with its schema when that is not searched.
  return plain[name.replace(/^.*\.(?=citext$)/, '')] ?? { kind: 'other' }
}

function sizeOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}
