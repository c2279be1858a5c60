import type { Database } from '@covet/db'
import {
  type Catalog,
  type Column,
  foldTypeChecks,
  type ForeignKey,
  type ForeignKeyAction,
  type Index,
  type IndexPart,
  type IntrospectOptions,
  normalizeDefault,
  normalizeExpression,
  type ReadCheck,
  sortCatalog,
  type Table,
  type Unique,
} from '@covet/db/catalog'
import { nativeOf, typeOfColumn } from './column-type.ts'
import { type CheckRow, type ColumnRow, type ForeignKeyRow, type IndexRow, readRows, type Rows, type TableRow } from './read.ts'

/** The tables of a MariaDB or MySQL database. */
export async function introspectMysql(database: Database, { schema }: IntrospectOptions = {}): Promise<Catalog> {
  const rows = await readRows(database, schema)
  const groups: Groups = {
    rows,
    columns: Map.groupBy(rows.columns, tableName),
    indexes: Map.groupBy(rows.indexes, ({ TABLE_NAME: name }) => name),
    foreignKeys: Map.groupBy(rows.foreignKeys, tableName),
    checks: Map.groupBy(rows.checks, tableName),
  }
  return sortCatalog({ tables: rows.tables.map((table) => toTable(table, groups)) })
}

interface Groups {
  readonly rows: Rows
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>
  readonly foreignKeys: ReadonlyMap<string, readonly ForeignKeyRow[]>
  readonly checks: ReadonlyMap<string, readonly CheckRow[]>
}

function toTable({ name, comment }: TableRow, { rows, columns, indexes, foreignKeys, checks }: Groups): Table {
  const keys = toForeignKeys(foreignKeys.get(name) ?? [], rows.schema)
  const found = [...Map.groupBy(indexes.get(name) ?? [], ({ INDEX_NAME: index }) => index).entries()].map(([index, parts]) => toIndex(index, parts))
  const [primary] = found.filter((index) => index.name === 'PRIMARY')
  const others = found.filter((index) => index !== primary && !isImplied(index, keys))
  const table = {
    name,
    columns: (columns.get(name) ?? []).map((column) => toColumn(column, rows.isMariaDb)),
    primaryKey: primary ? columnsOf(primary) : [],
    foreignKeys: keys,
    uniques: others.filter(isUnique).map((index): Unique => ({ name: index.name, columns: columnsOf(index) })),
    indexes: others.filter((index) => !isUnique(index)),
    ...(comment !== '' && { comment }),
  }
  return foldTypeChecks(table, (checks.get(name) ?? []).map(toCheck), 'mysql')
}

function toColumn(row: ColumnRow, isMariaDb: boolean): Column {
  const { name, column_type: declared, collation, extra, comment } = row
  const type = typeOfColumn({ declared, collation, hasUuid: isMariaDb })
  const generated = /\bGENERATED\b/i.test(extra) && !/\bDEFAULT_GENERATED\b/i.test(extra)
  const value = generated ? undefined : normalizeDefault(defaultOf(row, isMariaDb), type, 'mysql')
  const onUpdate = /\bon update (.*)$/i.exec(extra)?.[1]
  return {
    name,
    type,
    native: nativeOf(declared),
    nullable: row.is_nullable === 'YES',
    ...(value && { default: value }),
    ...(/\bauto_increment\b/i.test(extra) && { identity: 'by default' }),
    ...(generated && { generated: { expression: normalizeExpression(row.generation ?? '', 'mysql'), stored: /\b(?:STORED|PERSISTENT)\b/i.test(extra) } }),
    ...(onUpdate !== undefined && { onUpdate: normalizeExpression(onUpdate, 'mysql') }),
    ...(comment !== '' && { comment }),
  }
}

/** MySQL tells a literal as its value, MariaDB as SQL. */
function defaultOf({ default_sql: sql, extra }: ColumnRow, isMariaDb: boolean): string | null {
  if (sql === null || isMariaDb || /\bDEFAULT_GENERATED\b/i.test(extra)) return sql
  return /^b'[01]+'$/.test(sql) ? String(Number.parseInt(sql.slice(2), 2)) : `'${sql.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

function toCheck({ name, clause, level }: CheckRow): ReadCheck {
  return { name, expression: normalizeExpression(clause, 'mysql'), ...(level === 'Column' && { column: name }) }
}

function toIndex(name: string, parts: readonly IndexRow[]): Index {
  const [first] = parts
  const method = first?.INDEX_TYPE.toLowerCase()
  return {
    name,
    parts: parts.map(toPart),
    unique: Number(first?.NON_UNIQUE) === 0,
    ...(method !== undefined && method !== 'btree' && { method }),
  }
}

function toPart({ COLUMN_NAME: column, EXPRESSION: expression, COLLATION: collation, SUB_PART: length, INDEX_TYPE: method }: IndexRow): IndexPart {
  // A full-text index tells lengths that nobody gave.
  const hasLength = length !== null && method === 'BTREE'
  return {
    ...(column === null ? { expression: normalizeExpression(expression ?? '', 'mysql') } : { column }),
    ...(collation === 'D' && { order: 'desc' }),
    ...(hasLength && { length: Number(length) }),
  }
}

/** InnoDB gives a foreign key an index where none begins with its columns; it is part of the key. */
function isImplied(index: Index, keys: readonly ForeignKey[]): boolean {
  const columns = columnsOf(index)
  return !index.unique && keys.some((key) => key.name === index.name && key.columns.join('\0') === columns.join('\0'))
}

/** A unique index and a unique constraint are the same, unless the index says more. */
function isUnique({ unique, parts }: Index): boolean {
  return unique && parts.every((part) => 'column' in part && part.order === undefined && part.length === undefined)
}

function columnsOf({ parts }: Index): readonly string[] {
  return parts.flatMap((part) => ('column' in part ? [part.column] : []))
}

function toForeignKeys(rows: readonly ForeignKeyRow[], schema: string): readonly ForeignKey[] {
  return [...Map.groupBy(rows, ({ name }) => name).values()].flatMap((parts) => {
    const [first] = parts
    if (!first) return []
    return [
      {
        name: first.name,
        columns: parts.map(({ column_name: column }) => column),
        references: {
          table: first.target,
          columns: parts.map(({ target_column: column }) => column),
          ...(first.target_schema !== schema && { schema: first.target_schema }),
        },
        onDelete: first.on_delete.toLowerCase() as ForeignKeyAction,
        onUpdate: first.on_update.toLowerCase() as ForeignKeyAction,
      },
    ]
  })
}

function tableName({ table_name: name }: { table_name: string }): string {
  return name
}
