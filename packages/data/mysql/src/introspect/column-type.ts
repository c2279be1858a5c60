import { type ColumnType, tokensOf } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
  tinyint: { kind: 'integer', bits: 8 },
  smallint: { kind: 'integer', bits: 16 },
  mediumint: { kind: 'integer', bits: 24 },
  int: { kind: 'integer', bits: 32 },
  bigint: { kind: 'integer', bits: 64 },
  year: { kind: 'integer', bits: 16 },
  float: { kind: 'float', bits: 32 },
  double: { kind: 'float', bits: 64 },
  tinytext: { kind: 'text' },
  text: { kind: 'text' },
  mediumtext: { kind: 'text' },
  longtext: { kind: 'text' },
  json: { kind: 'json' },
  uuid: { kind: 'uuid' },
  date: { kind: 'date' },
  tinyblob: { kind: 'bytes' },
  blob: { kind: 'bytes' },
  mediumblob: { kind: 'bytes' },
  longblob: { kind: 'bytes' },
}

export interface TypeFacts {
  /** COLUMN_TYPE */
  readonly declared: string
  readonly collation: string | null
  /** The server has a type UUID; another keeps it in a `char(36)`. */
  readonly hasUuid: boolean
}

/** What a column of this type holds. */
export function typeOfColumn({ declared, collation, hasUuid }: TypeFacts): ColumnType {
  const [, name = '', inside, unsigned] = /^(\w+)(?:\((.*)\))?( unsigned)?/.exec(declared) ?? []
  const [first, second] = (inside ?? '').split(',').map(Number)
  const ci = collation !== null && /_ci$/.test(collation) && ({ ci: true } as const)
  switch (name) {
    case 'tinyint':
    case 'bit':
      if (inside === '1') return { kind: 'boolean' }
      break
    case 'varchar':
      return { kind: 'string', max: first ?? 0, ...ci }
    case 'char':
      return inside === '36' && !hasUuid ? { kind: 'uuid' } : { kind: 'string', max: first ?? 1, fixed: true, ...ci }
    case 'decimal':
      return { kind: 'decimal', precision: first ?? 0, scale: second ?? 0 }
    case 'binary':
    case 'varbinary':
      return { kind: 'bytes', max: first ?? 1 }
    case 'enum':
      return { kind: 'enum', values: labelsOf(inside ?? '') }
    case 'time':
      return { kind: 'time', precision: first ?? 0 }
    case 'datetime':
    case 'timestamp':
      return { kind: 'datetime', precision: inside === undefined ? 0 : (first ?? 0) }
  }
  const type = plain[name] ?? { kind: 'other' }
  if (type.kind === 'text') return { ...type, ...ci }
  return type.kind === 'integer' && unsigned ? { ...type, unsigned: true } : type
}

/** COLUMN_TYPE without the width to which MariaDB and old MySQL would pad digits; `tinyint(1)` says more. */
export function nativeOf(columnType: string): string {
  return columnType.replace(/^(?!tinyint\(1\))((?:tiny|small|medium|big)?int)\(\d+\)/, '$1')
}

function labelsOf(list: string): readonly string[] {
  return (tokensOf(list, 'mysql') ?? []).flatMap(({ kind, text }) => (kind === 'string' ? [text] : []))
}
