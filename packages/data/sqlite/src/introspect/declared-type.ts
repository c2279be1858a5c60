import type { ColumnType } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: { kind: 'boolean' },
  BOOL: { kind: 'boolean' },
  TINYINT: { kind: 'integer', bits: 16 },
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

const strings = /^(?:VARCHAR|NVARCHAR|CHARACTER VARYING|VARYING CHARACTER)$/
const fixedStrings = /^(?:CHAR|NCHAR|CHARACTER|NATIVE CHARACTER)$/

/** What a column declared so holds, by the names in use; SQLite itself asks little of a declared type. */
export function typeOfDeclared(declared: string, collation: string | undefined): ColumnType {
  const [, name = '', first, second] = /^([^(]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$/.exec(declared.toUpperCase()) ?? []
  const ci = collation === 'nocase' && ({ ci: true } as const)
  if (strings.test(name)) return { kind: 'string', ...sized(first), ...ci }
  if (fixedStrings.test(name)) return { kind: 'string', ...sized(first), fixed: true, ...ci }
  if (name === 'DECIMAL_INTEGER' || name === 'DECIMAL_TEXT') {
    return { kind: 'decimal', ...(first !== undefined && { precision: Number(first), scale: Number(second ?? 0) }) }
  }
  if (name === 'TIME') return { kind: 'time', precision: Number(first ?? 0) }
  if (name === 'DATETIME' || name === 'TIMESTAMP') return { kind: 'datetime', precision: Number(first ?? 3) }
  if (name === 'TINYINT' && first === '1') return { kind: 'boolean' }
  const type = plain[name] ?? { kind: 'other' }
  return type.kind === 'text' && ci ? { ...type, ...ci } : type
}

function sized(digits: string | undefined): { max?: number } {
  return digits === undefined ? {} : { max: Number(digits) }
}
