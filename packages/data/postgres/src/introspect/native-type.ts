import type { ColumnType } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
  boolean: { kind: 'boolean' },
  smallint: { kind: 'integer', bits: 16 },
  integer: { kind: 'integer', bits: 32 },
  bigint: { kind: 'integer', bits: 64 },
  numeric: { kind: 'decimal' },
  real: { kind: 'float', bits: 32 },
  'double precision': { kind: 'float', bits: 64 },
  text: { kind: 'text' },
  citext: { kind: 'text', ci: true },
  'character varying': { kind: 'string' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  jsonb: { kind: 'json' },
  bytea: { kind: 'bytes' },
  date: { kind: 'date' },
}

const pattern = /^(?<name>.*?)(?:\((?<first>-?\d+)(?:,(?<second>-?\d+))?\))?(?<zone> with(?:out)? time zone)?$/
const mostDigits = 6

/** What a column of this type, as `format_type` prints it, holds. `values`: those of an enum type, or of an array's. */
export function typeOfNative(native: string, values: readonly string[] | undefined): ColumnType {
  if (native.endsWith('[]')) return { kind: 'array', of: typeOfNative(native.slice(0, -2), values) }
  if (values) return { kind: 'enum', values, name: unquoted(native) }
  const { name = '', first, second, zone } = pattern.exec(native)?.groups ?? {}
  const size = first === undefined ? undefined : Number(first)
  switch (name) {
    case 'character varying':
      return { kind: 'string', ...(size !== undefined && { max: size }) }
    case 'character':
      return { kind: 'string', max: size ?? 1, fixed: true }
    case 'numeric':
      return size === undefined ? { kind: 'decimal' } : { kind: 'decimal', precision: size, scale: Number(second ?? 0) }
    case 'timestamp':
      return { kind: 'datetime', precision: size ?? mostDigits, ...(zone === ' without time zone' && { local: true }) }
    case 'time':
      // One with a zone is another thing: an hour of no day that shifts with the zone.
      return zone === ' without time zone' ? { kind: 'time', precision: size ?? mostDigits } : { kind: 'other' }
    default:
      // An extension's type is printed with its schema when that is not searched.
      return plain[name.replace(/^.*\.(?=citext$)/, '')] ?? { kind: 'other' }
  }
}

function unquoted(native: string): string {
  return native.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')
}
