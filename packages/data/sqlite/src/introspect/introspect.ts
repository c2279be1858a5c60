import type { Database } from '@covet/db'
import {
  type Catalog,
  type Column,
  foldTypeChecks,
  type ForeignKey,
  type ForeignKeyAction,
  type Index,
  type IntrospectOptions,
  normalizeDefault,
  normalizeExpression,
  type ReadCheck,
  sortCatalog,
  type Table,
  type Unique,
} from '@covet/db/catalog'
import { typeOfDeclared } from './declared-type.ts'
import { parseIndex } from './parse-index.ts'
import { parseTable, type TableText } from './parse-table.ts'
import { type ColumnRow, type ForeignKeyRow, type IndexRow, readRows, type Rows, type TableRow } from './read.ts'
import { areSameNames } from './same-names.ts'

/** The tables of a SQLite database: pragmas for what there is, the stored CREATE statements for what pragmas leave out. */
export async function introspectSqlite(database: Database, { schema = 'main' }: IntrospectOptions = {}): Promise<Catalog> {
  const rows = await readRows(database, schema)
  const groups = {
    columns: Map.groupBy(rows.columns, tableName),
    indexes: Map.groupBy(rows.indexes, tableName),
    foreignKeys: Map.groupBy(rows.foreignKeys, tableName),
  }
  const keys = new Map(rows.tables.map(({ name }) => [name, primaryKeyOf(groups.columns.get(name) ?? [])]))
  return sortCatalog({ tables: rows.tables.map((table) => toTable(table, groups, keys)) })
}

type Groups = { readonly [Name in Exclude<keyof Rows, 'tables'>]: ReadonlyMap<string, Rows[Name]> }

const nothing: TableText = { columns: new Map(), uniques: [], foreignKeys: [], checks: [] }

function toTable(row: TableRow, groups: Groups, keys: ReadonlyMap<string, readonly string[]>): Table {
  const { name, without_rowid: withoutRowid, strict } = row
  const text = parseTable(row.sql) ?? nothing
  const primaryKey = keys.get(name) ?? []
  const indexes = [...Map.groupBy(groups.indexes.get(name) ?? [], ({ name: index }) => index).values()]
  const table = {
    name,
    columns: (groups.columns.get(name) ?? []).map((column) => toColumn(column, { row, primaryKey, text })),
    primaryKey,
    foreignKeys: toForeignKeys(groups.foreignKeys.get(name) ?? [], text, keys),
    uniques: indexes.flatMap((parts) => toUnique(parts, text)),
    indexes: indexes.flatMap(toIndex),
    ...((withoutRowid || strict) && {
      sqlite: { ...(strict && { strict: true as const }), ...(withoutRowid && { withoutRowid: true as const }) },
    }),
  }
  return foldTypeChecks(table, text.checks.map(toCheck), 'sqlite')
}

function toCheck({ name, column, expression }: TableText['checks'][number]): ReadCheck {
  return {
    ...(name !== undefined && { name }),
    ...(column !== undefined && name === undefined && { column }),
    expression: normalizeExpression(expression, 'sqlite'),
  }
}

interface Around {
  readonly row: TableRow
  readonly primaryKey: readonly string[]
  readonly text: TableText
}

function toColumn(column: ColumnRow, around: Around): Column {
  const { name, type: native, key_position: keyPosition } = column
  const said = around.text.columns.get(name)
  const isRowKey = isRowNumber(column, around)
  const type = isRowKey ? ({ kind: 'integer', bits: 64 } as const) : typeOfDeclared(native, said?.collation)
  return {
    name,
    type,
    native,
    nullable: !column.not_null && keyPosition === 0,
    ...valueOf(column, type, said?.generated),
    ...(isRowKey && { identity: said?.autoincrement ? 'by default' : 'rowid' }),
  }
}

/** Only a key of exactly this type is another name for the number of the row. */
function isRowNumber({ type, key_position: position }: ColumnRow, { row, primaryKey }: Around): boolean {
  return primaryKey.length === 1 && position === 1 && type.toUpperCase() === 'INTEGER' && !row.without_rowid
}

function valueOf({ hidden, default_sql: sql }: ColumnRow, type: Column['type'], generated = ''): Pick<Column, 'default' | 'generated'> {
  if (hidden === 2 || hidden === 3) return { generated: { expression: normalizeExpression(generated, 'sqlite'), stored: hidden === 3 } }
  const value = normalizeDefault(sql, type, 'sqlite')
  return value ? { default: value } : {}
}

function primaryKeyOf(columns: readonly ColumnRow[]): readonly string[] {
  return columns
    .filter(({ key_position: position }) => position > 0)
    .toSorted((left, right) => left.key_position - right.key_position)
    .map(({ name }) => name)
}

function toUnique(parts: readonly IndexRow[], text: TableText): readonly Unique[] {
  if (parts[0]?.origin !== 'u') return []
  const columns = parts.map(({ column_name: column }) => column ?? '')
  const name = text.uniques.find((unique) => areSameNames(unique.columns, columns))?.name
  return [{ ...(name !== undefined && { name }), columns }]
}

function toIndex(parts: readonly IndexRow[]): readonly Index[] {
  const [first] = parts
  if (first?.origin !== 'c' || first.sql === null) return []
  const { parts: expressions, where } = parseIndex(first.sql)
  return [
    {
      name: first.name,
      parts: parts.map(({ position, column_name: column, is_descending: isDescending }) => ({
        ...(column === null ? { expression: expressions[position] ?? '' } : { column }),
        ...(isDescending && { order: 'desc' as const }),
      })),
      unique: first.is_unique === 1,
      ...(where !== undefined && { where }),
    },
  ]
}

function toForeignKeys(
  rows: readonly ForeignKeyRow[],
  text: TableText,
  keys: ReadonlyMap<string, readonly string[]>,
): readonly ForeignKey[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((parts) => {
    const [first] = parts
    if (!first) return []
    const columns = parts.map(({ column_name: column }) => column)
    const said = text.foreignKeys.find((key) => areSameNames(key.columns, columns))
    const targets = parts.map(({ target_column: column }, index) => column ?? keys.get(first.target)?.[index] ?? '')
    return [
      {
        ...(said?.name !== undefined && { name: said.name }),
        columns,
        references: { table: first.target, columns: targets },
        onDelete: first.on_delete.toLowerCase() as ForeignKeyAction,
        onUpdate: first.on_update.toLowerCase() as ForeignKeyAction,
        ...(said?.deferrable && { deferrable: said.deferrable }),
      },
    ]
  })
}

function tableName({ table_name: name }: { table_name: string }): string {
  return name
}
