import { isScaled } from '../scaled.ts'
import { SchemaUnsupportedError } from '../errors.ts'
import type { ColumnType } from '../types.ts'
import type { Engine } from './engine.ts'

/** MySQL wants a length of every VARCHAR. */
export const defaultLength = 255

/** The type as the server will print it; what is written to get it differs only for JSON of MariaDB. */
export function nativeType(type: ColumnType, engine: Engine): string {
  switch (engine.dialect) {
    case 'sqlite':
      return sqliteType(type)
    case 'postgres':
      return postgresType(type)
    case 'mysql':
      return mysqlType(type, engine)
  }
}

/** Declared types say what the column holds, and have the affinity (the last word on storage) that keeps it as it is. */
function sqliteType(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN'
    case 'integer':
      return type.bits <= 16 ? 'SMALLINT' : type.bits <= 32 ? 'INTEGER' : 'BIGINT'
    case 'decimal':
      return `${isScaled(type) ? 'DECIMAL_INTEGER' : 'DECIMAL_TEXT'}${digits(type.precision, type.scale)}`
    case 'float':
      return type.bits === 32 ? 'REAL' : 'DOUBLE'
    case 'string':
      return type.max === undefined ? 'VARCHAR' : `${type.fixed ? 'CHAR' : 'VARCHAR'}(${type.max})`
    case 'text':
    case 'enum':
      return 'TEXT'
    case 'uuid':
      return 'UUID'
    // A JSON column would turn the text 1.0 into the number 1.
    case 'json':
      return 'JSON_TEXT'
    case 'bytes':
      return 'BLOB'
    case 'date':
      return 'DATE'
    case 'time':
      return type.precision === 0 ? 'TIME' : `TIME(${type.precision})`
    case 'datetime':
      return type.precision === 3 ? 'DATETIME' : `DATETIME(${type.precision})`
    case 'array':
    case 'other':
      throw new SchemaUnsupportedError('SQLite', `type ${type.kind}`, 'Use text or JSON.')
  }
}

const postgresIntegers = { 8: 'smallint', 16: 'smallint', 24: 'integer', 32: 'integer', 64: 'bigint' } as const

function postgresType(type: ColumnType): string {
  switch (type.kind) {
    case 'boolean':
    case 'uuid':
    case 'date':
      return type.kind
    case 'json':
      return 'jsonb'
    case 'integer':
      return postgresIntegers[type.bits]
    case 'decimal':
      return `numeric${digits(type.precision, type.scale ?? 0)}`
    case 'float':
      return type.bits === 32 ? 'real' : 'double precision'
    case 'string':
      if (type.ci) return 'citext'
      return `${type.fixed ? 'character' : 'character varying'}${type.max === undefined ? '' : `(${type.max})`}`
    case 'text':
      return type.ci ? 'citext' : 'text'
    case 'enum':
      return type.name === undefined ? 'text' : plainName(type.name)
    case 'bytes':
      return 'bytea'
    case 'time':
      return `time(${type.precision}) without time zone`
    case 'datetime':
      return `timestamp(${type.precision}) ${type.local ? 'without' : 'with'} time zone`
    case 'array':
      return `${postgresType(type.of)}[]`
    case 'other':
      throw new SchemaUnsupportedError('PostgreSQL', 'type without a name', 'Say which in `native`.')
  }
}

const mysqlIntegers = { 8: 'tinyint', 16: 'smallint', 24: 'mediumint', 32: 'int', 64: 'bigint' } as const

function mysqlType(type: ColumnType, engine: Engine): string {
  switch (type.kind) {
    case 'boolean':
      return 'tinyint(1)'
    case 'integer':
      return `${mysqlIntegers[type.bits]}${type.unsigned ? ' unsigned' : ''}`
    case 'decimal':
      return `decimal${digits(type.precision ?? 65, type.precision === undefined ? 30 : (type.scale ?? 0))}`
    case 'float':
      return type.bits === 32 ? 'float' : 'double'
    case 'string':
      return `${type.fixed ? 'char' : 'varchar'}(${type.max ?? defaultLength})`
    case 'enum':
      return `varchar(${defaultLength})`
    case 'text':
      return 'longtext'
    case 'uuid':
      return engine.uuid ? 'uuid' : 'char(36)'
    case 'json':
      return engine.json ? 'json' : 'longtext'
    case 'bytes':
      return type.max === undefined ? 'longblob' : `varbinary(${type.max})`
    case 'date':
      return 'date'
    case 'time':
    case 'datetime':
      return type.precision === 0 ? type.kind : `${type.kind}(${type.precision})`
    case 'array':
    case 'other':
      throw new SchemaUnsupportedError(engine.title, `type ${type.kind}`, 'Use JSON, or say which type in `native`.')
  }
}

function digits(precision: number | undefined, scale: number | undefined): string {
  return precision === undefined ? '' : `(${precision},${scale ?? 0})`
}

/** As PostgreSQL prints a type: with quotes only where they are needed. */
function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
