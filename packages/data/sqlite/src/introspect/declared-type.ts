import type { ColumnType } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: { kind: 'boolean' },
  BOOL: { kind: 'boolean' },
  SMALLINT: { kind: 'integer', bits: 16 },
  INT2: { kind: 'integer', bits: 16 },
  MEDIUMINT: { kind: 'integer', bits: 32 },
  INT: { kind: 'integer', bits: 32 },
  INTEGER: { kind: 'integer', bits: 32 },
  INT8: { kind: 'integer', bits: 64 },
  BIGINT: { kind: 'integer', bits: 64 },
  'UNSIGNED BIG INT': { kind: 'integer', bits: 64 },
  REAL: { kind: 'float', bits: 32 },
  FLOAT: { kind: 'float', bits: 64 },
  DOUBLE: { kind: 'float', bits: 64 },
  'DOUBLE PRECISION': { kind: 'float', bits: 64 },
  // SQLite keeps what these hold as a floating-point or whole number: nothing decimal is in them.
  NUMERIC: { kind: 'float', bits: 64 },
  DECIMAL: { kind: 'float', bits: 64 },
  TEXT: { kind: 'text' },
  CLOB: { kind: 'text' },
  UUID: { kind: 'uuid' },
  GUID: { kind: 'uuid' },
  JSON_TEXT: { kind: 'json' },
  JSON: { kind: 'json' },
  BLOB: { kind: 'bytes' },
  DATE: { kind: 'date' },
}

type Sizes = readonly [first: number | undefined, second: number | undefined]

const sized: readonly (readonly [names: RegExp, type: (sizes: Sizes) => ColumnType])[] = [
  [/^(?:VARCHAR|NVARCHAR|CHARACTER VARYING|VARYING CHARACTER)$/, ([max]) => ({ kind: 'string', ...(max !== undefined && { max }) })],
  [/^(?:CHAR|NCHAR|CHARACTER|NATIVE CHARACTER)$/, ([max]) => ({ kind: 'string', ...(max !== undefined && { max }), fixed: true })],
  [/^DECIMAL_(?:INTEGER|TEXT)$/, ([precision, scale = 0]) => ({ kind: 'decimal', ...(precision !== undefined && { precision, scale }) })],
  [/^TIME$/, ([precision = 0]) => ({ kind: 'time', precision })],
  [/^(?:DATETIME|TIMESTAMP)$/, ([precision = 3]) => ({ kind: 'datetime', precision })],
  [/^TINYINT$/, ([width]) => (width === 1 ? { kind: 'boolean' } : { kind: 'integer', bits: 16 })],
]

/** What a column declared so holds, by the names in use; SQLite itself asks little of a declared type. */
export function typeOfDeclared(declared: string, collation: string | undefined): ColumnType {
  const [, name = '', first, second] = /^([^(]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$/.exec(declared.toUpperCase()) ?? []
  const type = sized.find(([names]) => names.test(name))?.[1]([sizeOf(first), sizeOf(second)]) ?? plain[name] ?? { kind: 'other' }
  return collation === 'nocase' && (type.kind === 'string' || type.kind === 'text') ? { ...type, ci: true } : type
}

function sizeOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}
