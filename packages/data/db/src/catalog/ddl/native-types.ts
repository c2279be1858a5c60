import { SchemaUnsupportedError } from '../errors.ts'
import { isScaled } from '../scaled.ts'
import type { CatalogDialect, ColumnType } from '../types.ts'
import type { Engine } from './engine.ts'

/** MySQL wants a length of every VARCHAR. */
export const defaultLength = 255

/** The type as the server will print it; what is written to get it differs only for JSON of MariaDB. */
export function nativeType(type: ColumnType, engine: Engine): string {
  const name = names[engine.dialect][type.kind]
  // The table has each kind's own types.
  return typeof name === 'string' ? name : (name as (type: ColumnType, engine: Engine) => string)(type, engine)
}

type OfKind<Kind, Type = ColumnType> = Type extends { kind: infer Kinds } ? (Kind extends Kinds ? Type : never) : never
type Names = { readonly [Kind in ColumnType['kind']]: string | ((type: OfKind<Kind>, engine: Engine) => string) }

const postgresIntegers = { 8: 'smallint', 16: 'smallint', 24: 'integer', 32: 'integer', 64: 'bigint' } as const
const mysqlIntegers = { 8: 'tinyint', 16: 'smallint', 24: 'mediumint', 32: 'int', 64: 'bigint' } as const
const sqliteIntegers = { 8: 'SMALLINT', 16: 'SMALLINT', 24: 'INTEGER', 32: 'INTEGER', 64: 'BIGINT' } as const

/** Declared types say what the column holds, and have the affinity (the last word on storage) that keeps it as it is. */
const sqlite: Names = {
  boolean: 'BOOLEAN',
  integer: ({ bits }) => sqliteIntegers[bits],
  decimal: (type) => `${isScaled(type) ? 'DECIMAL_INTEGER' : 'DECIMAL_TEXT'}${digits(type)}`,
  float: ({ bits }) => (bits === 32 ? 'REAL' : 'DOUBLE'),
  string: ({ max, fixed }) => (max === undefined ? 'VARCHAR' : `${fixed ? 'CHAR' : 'VARCHAR'}(${max})`),
  text: 'TEXT',
  enum: 'TEXT',
  uuid: 'UUID',
  // A JSON column would turn the text 1.0 into the number 1.
  json: 'JSON_TEXT',
  bytes: 'BLOB',
  date: 'DATE',
  time: ({ precision }) => (precision === 0 ? 'TIME' : `TIME(${precision})`),
  datetime: ({ precision }) => (precision === 3 ? 'DATETIME' : `DATETIME(${precision})`),
  array: () => refuse('SQLite', 'arrays', 'Use JSON.'),
  other: () => refuse('SQLite', 'type of that name', 'Use text or JSON.'),
}

const postgres: Names = {
  boolean: 'boolean',
  integer: ({ bits }) => postgresIntegers[bits],
  decimal: (type) => `numeric${digits(type)}`,
  float: ({ bits }) => (bits === 32 ? 'real' : 'double precision'),
  string: ({ max, ci, fixed }) => (ci ? 'citext' : `${fixed ? 'character' : 'character varying'}${max === undefined ? '' : `(${max})`}`),
  text: ({ ci }) => (ci ? 'citext' : 'text'),
  enum: enumName,
  uuid: 'uuid',
  json: 'jsonb',
  bytes: 'bytea',
  date: 'date',
  time: ({ precision }) => `time(${precision}) without time zone`,
  datetime: ({ precision, local }) => `timestamp(${precision}) ${local ? 'without' : 'with'} time zone`,
  array: (type, engine) => `${nativeType(type.of, engine)}[]`,
  other: () => refuse('PostgreSQL', 'type without a name', 'Say which in `native`.'),
}

const mysql: Names = {
  boolean: 'tinyint(1)',
  integer: ({ bits, unsigned }) => `${mysqlIntegers[bits]}${unsigned ? ' unsigned' : ''}`,
  decimal: ({ precision, scale }) => (precision === undefined ? 'decimal(65,30)' : `decimal(${precision},${scale ?? 0})`),
  float: ({ bits }) => (bits === 32 ? 'float' : 'double'),
  string: ({ max = defaultLength, fixed }) => `${fixed ? 'char' : 'varchar'}(${max})`,
  text: 'longtext',
  enum: `varchar(${defaultLength})`,
  uuid: (_, { uuid }) => (uuid ? 'uuid' : 'char(36)'),
  json: (_, { json }) => (json ? 'json' : 'longtext'),
  bytes: ({ max }) => (max === undefined ? 'longblob' : `varbinary(${max})`),
  date: 'date',
  time: ({ precision }) => (precision === 0 ? 'time' : `time(${precision})`),
  datetime: ({ precision }) => (precision === 0 ? 'datetime' : `datetime(${precision})`),
  array: (_, { title }) => refuse(title, 'arrays', 'Use JSON.'),
  other: (_, { title }) => refuse(title, 'type without a name', 'Say which in `native`.'),
}

const names: Readonly<Record<CatalogDialect, Names>> = { sqlite, postgres, mysql }

function digits({ precision, scale = 0 }: OfKind<'decimal'>): string {
  return precision === undefined ? '' : `(${precision},${scale})`
}

function enumName({ name, schema }: OfKind<'enum'>): string {
  if (name === undefined) return 'text'
  return schema === undefined ? plainName(name) : `${plainName(schema)}.${plainName(name)}`
}

/** As PostgreSQL prints a name: with quotes only where they are needed. */
function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function refuse(engine: string, what: string, instead: string): never {
  throw new SchemaUnsupportedError(engine, what, instead)
}
