import { type ColumnType, tokensOf } from '@covet/db/catalog'

const plain: Readonly<Record<string, ColumnType>> = {
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

type Sizes = readonly [first: number | undefined, second: number | undefined]

const sized: Readonly<Record<string, (sizes: Sizes) => ColumnType>> = {
  tinyint: ([width]) => (width === 1 ? { kind: 'boolean' } : { kind: 'integer', bits: 8 }),
  bit: ([width = 1]) => ({ kind: width === 1 ? 'boolean' : 'other' }),
  varchar: ([max = 0]) => ({ kind: 'string', max }),
  char: ([max = 1]) => ({ kind: 'string', max, fixed: true }),
  decimal: ([precision = 10, scale = 0]) => ({ kind: 'decimal', precision, scale }),
  binary: ([max = 1]) => ({ kind: 'bytes', max }),
  varbinary: ([max = 1]) => ({ kind: 'bytes', max }),
  time: ([precision = 0]) => ({ kind: 'time', precision }),
  datetime: ([precision = 0]) => ({ kind: 'datetime', precision }),
  timestamp: ([precision = 0]) => ({ kind: 'datetime', precision }),
}

/** What a column of this type holds. */
export function typeOfColumn({ declared, collation, hasUuid }: TypeFacts): ColumnType {
  const [, name = '', inside, unsigned] = /^(\w+)(?:\((.*)\))?( unsigned)?/.exec(declared) ?? []
  if (name === 'enum') return { kind: 'enum', values: labelsOf(inside ?? '') }
  if (declared === 'char(36)' && !hasUuid) return { kind: 'uuid' }
  const [first, second] = inside === undefined ? [] : inside.split(',').map(Number)
  const type = sized[name]?.([first, second]) ?? plain[name] ?? { kind: 'other' }
  if (collation?.endsWith('_ci')) return ignoringCase(type)
  return type.kind === 'integer' && unsigned ? { ...type, unsigned: true } : type
}

function ignoringCase(type: ColumnType): ColumnType {
  return type.kind === 'string' || type.kind === 'text' ? { ...type, ci: true } : type
}

/** COLUMN_TYPE without the width to which MariaDB and old MySQL would pad digits; `tinyint(1)` says more. */
export function nativeOf(columnType: string): string {
  return columnType.replace(/^(?!tinyint\(1\))((?:tiny|small|medium|big)?int)\(\d+\)/, '$1')
}

function labelsOf(list: string): readonly string[] {
  return (tokensOf(list, 'mysql') ?? []).flatMap(({ kind, text }) => (kind === 'string' ? [text] : []))
}
