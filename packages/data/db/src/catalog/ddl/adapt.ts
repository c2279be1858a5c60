import type { ServerInfo } from '../../driver.ts'
import { normalizeExpression } from '../expression/normalize.ts'
import { canonicalDecimal, canonicalJson } from '../default.ts'
import { SchemaUnsupportedError } from '../errors.ts'
import { constraintName } from '../names.ts'
import { sortCatalog } from '../sort.ts'
import type { Catalog, Column, ColumnDefault, ColumnType, ForeignKey, Table } from '../types.ts'
import { adaptIndexes } from './adapt-indexes.ts'
import { defaultLength, nativeType } from './native-types.ts'
import { type Engine, engineOf } from './engine.ts'

/**
 * The catalogue as the engine will hold it: what `introspect` reads after `renderCreate`. Constraints get names, types the
 * engine's own, and what the engine cannot do is left out where nothing but speed is lost (an index of an expression on
 * MariaDB, a partial index), or where the engine has nothing to say it with (comments on SQLite, the time at which MySQL checks
 * a foreign key). A unique partial index becomes a generated column with a unique constraint on MySQL and MariaDB.
 * @throws {SchemaUnsupportedError} for what cannot be left out
 */
export function adaptCatalog(catalog: Catalog, dialect: string, server?: ServerInfo): Catalog {
  const engine = engineOf(dialect, server)
  return sortCatalog({ tables: catalog.tables.map((table) => adaptTable(table, engine)) })
}

function adaptTable(table: Table, engine: Engine): Table {
  const { name, comment, sqlite } = table
  const columns = table.columns.map((column) => adaptColumn(column, table, engine))
  return adaptIndexes(
    {
      name,
      columns,
      primaryKey: table.primaryKey,
      foreignKeys: table.foreignKeys.map((key) => adaptForeignKey(name, key, engine)),
      uniques: table.uniques.map(({ deferrable, nullsNotDistinct, ...unique }) => ({
        name: constraintName(name, unique.columns, 'key'),
        ...unique,
        ...(engine.dialect === 'postgres' && { ...(deferrable && { deferrable }), ...(nullsNotDistinct && { nullsNotDistinct }) }),
      })),
      indexes: table.indexes,
      checks: table.checks.map((check, index) => ({
        name: check.name ?? constraintName(name, [String(index + 1)], 'check'),
        expression: normalizeExpression(check.expression, 'sqlite'),
      })),
      ...(comment !== undefined && engine.dialect !== 'sqlite' && { comment }),
      ...(sqlite && engine.dialect === 'sqlite' && { sqlite }),
    },
    engine,
  )
}

function adaptForeignKey(table: string, key: ForeignKey, { dialect, title }: Engine): ForeignKey {
  const { deferrable, ...rest } = key
  if (dialect === 'mysql' && [key.onDelete, key.onUpdate].includes('set default')) {
    throw new SchemaUnsupportedError(title, `foreign key that sets a default (${table})`, 'Use `set null` or `restrict`.')
  }
  return {
    name: constraintName(table, key.columns, 'fkey'),
    ...rest,
    ...(deferrable && dialect !== 'mysql' && { deferrable }),
  }
}

function adaptColumn(column: Column, table: Table, engine: Engine): Column {
  const { name, nullable, generated, comment, onUpdate } = column
  const type = adaptType(column, table, engine)
  if (column.identity) assertCountable(column, table, engine)
  return {
    name,
    type,
    native: nativeOf(column, type, engine),
    nullable: nullableIn(nullable, column, table, engine),
    ...(column.default && { default: adaptDefault(column.default, type) }),
    ...(column.identity && { identity: adaptIdentity(column.identity, engine) }),
    ...(generated && {
      generated: {
        expression: normalizeExpression(generated.expression, 'sqlite'),
        stored: engine.dialect === 'postgres' || generated.stored,
      },
    }),
    ...(onUpdate !== undefined && engine.dialect === 'mysql' && { onUpdate }),
    ...(comment !== undefined && engine.dialect !== 'sqlite' && { comment }),
  }
}

/** SQLite numbers rows by their one key, MySQL by a key that begins with the column. */
function assertCountable({ name }: Column, { name: table, primaryKey, uniques }: Table, { dialect, title }: Engine): void {
  const isAlone = primaryKey.length === 1 && primaryKey[0] === name
  const leads = [primaryKey, ...uniques.map(({ columns }) => columns)].some(([first]) => first === name)
  if (dialect === 'postgres' || isAlone || (dialect === 'mysql' && leads)) return
  throw new SchemaUnsupportedError(
    title,
    `numbered column that is not the key of its table (${table}.${name})`,
    'Make it the primary key, or number the rows in the application.',
  )
}

function nullableIn(nullable: boolean, { name, generated }: Column, { primaryKey }: Table, engine: Engine): boolean {
  if (primaryKey.includes(name)) return false
  return nullable || (generated !== undefined && !engine.generatedNotNull)
}

function adaptIdentity(identity: NonNullable<Column['identity']>, { dialect }: Engine): NonNullable<Column['identity']> {
  if (dialect === 'sqlite') return identity === 'rowid' ? 'rowid' : 'by default'
  return dialect === 'postgres' && identity === 'always' ? 'always' : 'by default'
}

function nativeOf({ identity, native }: Column, type: ColumnType, engine: Engine): string {
  // Only under this name a key of SQLite is the number of the row.
  if (identity && engine.dialect === 'sqlite') return 'INTEGER'
  return type.kind === 'other' && native !== undefined ? native : nativeType(type, engine)
}

function adaptType({ name, type, identity }: Column, table: Table, engine: Engine): ColumnType {
  if (identity && engine.dialect === 'sqlite') return { kind: 'integer', bits: 64 }
  switch (engine.dialect) {
    case 'sqlite':
      return sqliteType(type)
    case 'postgres':
      return postgresType(type)
    case 'mysql':
      return mysqlType(type.kind === 'enum' && isWrittenByKey(name, table) ? { kind: 'string' } : type)
  }
}

function sqliteType(type: ColumnType): ColumnType {
  switch (type.kind) {
    case 'integer':
      return { kind: 'integer', bits: type.bits <= 16 ? 16 : type.bits <= 32 ? 32 : 64 }
    case 'bytes':
      return { kind: 'bytes' }
    case 'enum':
      return { kind: 'enum', values: type.values }
    case 'datetime':
      return { kind: 'datetime', precision: type.precision }
    default:
      return type
  }
}

function postgresType(type: ColumnType): ColumnType {
  switch (type.kind) {
    case 'integer':
      return { kind: 'integer', bits: type.bits <= 16 ? 16 : type.bits <= 32 ? 32 : 64 }
    case 'bytes':
      return { kind: 'bytes' }
    // Without a length, nothing tells it from text.
    case 'string':
      return type.ci && type.max === undefined ? { kind: 'text', ci: true } : type
    case 'decimal':
      return type.precision === undefined ? { kind: 'decimal' } : { ...type, scale: type.scale ?? 0 }
    default:
      return type
  }
}

/** MySQL and MariaDB let no check look at what a foreign key writes: that such a column has one of the values, the key sees to. */
function isWrittenByKey(column: string, { foreignKeys }: Table): boolean {
  return foreignKeys.some(
    ({ columns, onDelete, onUpdate }) =>
      columns.includes(column) && (onDelete === 'set null' || onUpdate === 'set null' || onUpdate === 'cascade'),
  )
}

function mysqlType(type: ColumnType): ColumnType {
  switch (type.kind) {
    case 'string':
      return { ...type, max: type.max ?? defaultLength }
    case 'enum':
      return { kind: 'enum', values: type.values }
    case 'decimal':
      return { kind: 'decimal', precision: type.precision ?? 65, scale: type.precision === undefined ? 30 : (type.scale ?? 0) }
    case 'datetime':
      return { kind: 'datetime', precision: type.precision }
    default:
      return type
  }
}

function adaptDefault(value: ColumnDefault, type: ColumnType): ColumnDefault {
  if (value.kind === 'expression') return { kind: 'expression', sql: normalizeExpression(value.sql, 'sqlite') }
  if (type.kind === 'json') return { kind: 'literal', value: canonicalJson(String(value.value)) }
  if (type.kind === 'decimal') return { kind: 'literal', value: canonicalDecimal(String(value.value)) }
  return value
}
