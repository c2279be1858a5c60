import { currentTimestamp, defaultSql, quoteString } from '../default.ts'
import { expressionSql } from '../expression/normalize.ts'
import { typeNameSql } from '../type-name.ts'
import type { Catalog, Column, ColumnType, Index, IndexPart, Table } from '../types.ts'
import { constraints, quote, quoteAll } from './constraints.ts'
import type { Engine } from './engine.ts'
import { createEnumType, enumTypes } from './enum-types.ts'

/** What tables need to be there: types and extensions of PostgreSQL. */
export function beforeTables(catalog: Catalog, { dialect }: Engine): readonly string[] {
  if (dialect !== 'postgres') return []
  const types = catalog.tables.flatMap(({ columns }) => columns.map(({ type }) => (type.kind === 'array' ? type.of : type)))
  const usesCitext = types.some((type) => (type.kind === 'string' || type.kind === 'text') && type.ci)
  return [
    ...(usesCitext ? ['create extension if not exists citext'] : []),
    ...[...enumTypes(catalog)].map(([name, values]) => createEnumType(name, values)),
  ]
}

export function createTable(table: Table, engine: Engine): string {
  const key = rowKeyOf(table, engine)
  const parts = [
    ...table.columns.map((column) => columnSql(column, engine, column === key)),
    ...(table.primaryKey.length > 0 && !key ? [`primary key (${quoteAll(table.primaryKey, engine)})`] : []),
    ...constraints(table, engine),
    // MySQL would create an index of its own for a foreign key that has none yet.
    ...(engine.dialect === 'mysql' ? table.indexes.map((index) => mysqlIndex(index, engine)) : []),
  ]
  return `create table ${quote(table.name, engine)} (\n  ${parts.join(',\n  ')}\n)${tableOptions(table, engine)}`
}

export function createIndex(table: Table, index: Index, engine: Engine): readonly string[] {
  if (engine.dialect === 'mysql') return []
  const { name, unique, method, where, include, nullsNotDistinct } = index
  const sql = [
    `create ${unique ? 'unique ' : ''}index ${quote(name, engine)} on ${quote(table.name, engine)}`,
    ...(method === undefined ? [] : [`using ${method}`]),
    `(${index.parts.map((part) => partSql(part, engine)).join(', ')})`,
    ...(include ? [`include (${quoteAll(include, engine)})`] : []),
    ...(nullsNotDistinct ? ['nulls not distinct'] : []),
    ...(where === undefined ? [] : [`where ${expressionSql(where, engine.dialect)}`]),
  ]
  return [sql.join(' ')]
}

/** The comments of PostgreSQL are statements of their own. */
export function afterTable({ name, comment, columns }: Table, engine: Engine): readonly string[] {
  if (engine.dialect !== 'postgres') return []
  const table = quote(name, engine)
  return [
    ...(comment === undefined ? [] : [`comment on table ${table} is ${quoteString(comment, engine.dialect)}`]),
    ...columns.flatMap((column) =>
      column.comment === undefined
        ? []
        : [`comment on column ${table}.${quote(column.name, engine)} is ${quoteString(column.comment, engine.dialect)}`],
    ),
  ]
}

/** SQLite numbers rows only by a key that is declared with its column. */
function rowKeyOf({ columns, primaryKey }: Table, { dialect }: Engine): Column | undefined {
  if (dialect !== 'sqlite' || primaryKey.length !== 1) return undefined
  return columns.find(({ name, identity }) => identity && name === primaryKey[0])
}

function columnSql(column: Column, engine: Engine, isRowKey: boolean): string {
  const parts = [quote(column.name, engine), declaredType(column, engine)]
  if (isRowKey) return [...parts, 'primary key', ...(column.identity === 'rowid' ? [] : ['autoincrement'])].join(' ')
  if (column.generated) {
    const storage = column.generated.stored ? 'stored' : 'virtual'
    parts.push(`generated always as (${expressionSql(column.generated.expression, engine.dialect)}) ${storage}`)
  }
  if (!column.nullable) parts.push('not null')
  if (column.default) parts.push(`default ${wrapped(column, engine)}`)
  if (column.onUpdate !== undefined) {
    const isNow = column.onUpdate === 'current_timestamp'
    parts.push(`on update ${isNow ? currentTimestamp(column.type) : expressionSql(column.onUpdate, engine.dialect)}`)
  }
  if (column.identity && engine.dialect === 'postgres') parts.push(`generated ${column.identity} as identity`)
  if (column.identity && engine.dialect === 'mysql') parts.push('auto_increment')
  if (column.comment !== undefined && engine.dialect === 'mysql') parts.push(`comment ${quoteString(column.comment, engine.dialect)}`)
  return parts.join(' ')
}

function declaredType({ type, native }: Column, engine: Engine): string {
  const name = type.kind === 'json' && engine.dialect === 'mysql' ? 'json' : (native ?? '')
  // Its name may be a word of SQL.
  if (type.kind === 'enum' && type.name !== undefined) return typeNameSql({ ...type, name: type.name })
  if (!isCharacters(type)) return name
  const ci = (type.kind === 'string' || type.kind === 'text') && type.ci
  if (engine.dialect === 'sqlite' && ci) return `${name} collate nocase`
  // The server's usual collation takes `a` and `A` for equal, in unique constraints too, and utf8mb4_bin `a` and `a `.
  const { exactCollation } = engine
  return exactCollation === undefined ? name : `${name} character set utf8mb4 collate ${ci ? 'utf8mb4_unicode_ci' : exactCollation}`
}

function isCharacters({ kind }: ColumnType): boolean {
  return kind === 'string' || kind === 'text' || kind === 'enum'
}

function wrapped({ default: value, type }: Column, engine: Engine): string {
  if (!value) return 'null'
  const sql = defaultSql(value, type, engine.dialect)
  if (sql.startsWith('(')) return sql
  const isTimestamp = value.kind === 'expression' && value.sql === 'current_timestamp'
  const isUnlimited = type.kind === 'text' || type.kind === 'json' || (type.kind === 'bytes' && type.max === undefined)
  const wraps = value.kind === 'expression' ? engine.dialect !== 'postgres' && !isTimestamp : engine.wrapsDefaults && isUnlimited
  return wraps ? `(${sql})` : sql
}

function mysqlIndex({ name, unique, parts }: Index, engine: Engine): string {
  return `${unique ? 'unique ' : ''}key ${quote(name, engine)} (${parts.map((part) => partSql(part, engine)).join(', ')})`
}

function partSql(part: IndexPart, engine: Engine): string {
  const subject = 'column' in part ? quote(part.column, engine) : `(${expressionSql(part.expression, engine.dialect)})`
  const length = part.length === undefined ? '' : `(${part.length})`
  const operatorClass = part.operatorClass === undefined ? '' : ` ${part.operatorClass}`
  return `${subject}${length}${operatorClass}${part.order ? ' desc' : ''}${part.nulls ? ` nulls ${part.nulls}` : ''}`
}

function tableOptions({ comment, sqlite }: Table, { dialect }: Engine): string {
  if (dialect === 'mysql') {
    return ` engine = InnoDB default character set utf8mb4${comment === undefined ? '' : ` comment = ${quoteString(comment, dialect)}`}`
  }
  const options = [...(sqlite?.withoutRowid ? ['without rowid'] : []), ...(sqlite?.strict ? ['strict'] : [])]
  return options.length > 0 ? ` ${options.join(', ')}` : ''
}
