import type { Database } from '@covet/db'
import {
  type Catalog,
  type Column,
  type ColumnType,
  foldTypeChecks,
  type ForeignKey,
  type ForeignKeyAction,
  type Index,
  type IndexPart,
  type IntrospectOptions,
  normalizeDefault,
  normalizeExpression,
  sortCatalog,
  type Table,
  type Unique,
} from '@covet/db/catalog'
import { typeOfNative } from './native-type.ts'
import { type ColumnRow, type ConstraintRow, type IndexPartRow, type IndexRow, readRows, type TableRow } from './read.ts'

/** The tables of a PostgreSQL schema, from `pg_catalog`. */
export async function introspectPostgres(database: Database, { schema }: IntrospectOptions = {}): Promise<Catalog> {
  const rows = await readRows(database, schema)
  const groups: Groups = {
    schema: rows.schema,
    columns: Map.groupBy(rows.columns, tableName),
    constraints: Map.groupBy(rows.constraints, tableName),
    indexes: Map.groupBy(rows.indexes, tableName),
  }
  return sortCatalog({ tables: rows.tables.map((table) => toTable(table, groups)) })
}

interface Groups {
  readonly schema: string
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>
  readonly constraints: ReadonlyMap<string, readonly ConstraintRow[]>
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>
}

function toTable({ name, comment }: TableRow, { schema, columns, constraints, indexes }: Groups): Table {
  const rows = columns.get(name) ?? []
  const types = new Map(rows.map((row) => [row.name, typeOf(row)]))
  const normalize = (sql: string | null): string => normalizeExpression(sql ?? '', 'postgres', (column) => types.get(column))
  const byKind = Map.groupBy(constraints.get(name) ?? [], ({ kind }) => kind)
  const [primary] = byKind.get('p') ?? []
  const table = {
    name,
    columns: rows.map((row) => toColumn(row, normalize)),
    primaryKey: names(primary?.columns ?? null),
    foreignKeys: (byKind.get('f') ?? []).map((key) => toForeignKey(key, schema)),
    uniques: (byKind.get('u') ?? []).map(toUnique),
    indexes: (indexes.get(name) ?? []).map((index) => toIndex(index, normalize)),
    ...(comment !== null && { comment }),
  }
  const checks = (byKind.get('c') ?? []).map((check) => ({ name: check.name, expression: normalize(check.check_sql) }))
  return foldTypeChecks(table, checks, 'postgres')
}

/** An expression of the table in the normal form. */
type Normalize = (sql: string | null) => string

function typeOf({ native, labels }: ColumnRow): ColumnType {
  return typeOfNative(native, labels === null ? undefined : names(labels))
}

function toColumn(row: ColumnRow, normalize: Normalize): Column {
  const { name, native, default_sql: sql, generated, comment } = row
  const type = typeOf(row)
  const identity = identityOf(row)
  const value = identity || generated ? undefined : normalizeDefault(sql, type, 'postgres')
  return {
    name,
    type,
    native,
    nullable: !row.not_null,
    ...(value && { default: value }),
    ...(identity && { identity }),
    ...(generated && { generated: { expression: normalize(sql), stored: generated === 's' } }),
    ...(comment !== null && { comment }),
  }
}

/** A `serial` is a column with a sequence of its own, numbered by default: the same to everybody but the catalogue. */
function identityOf({ identity, is_serial: isSerial, default_sql: sql }: ColumnRow): Column['identity'] {
  if (identity === 'a') return 'always'
  if (identity === 'd') return 'by default'
  return isSerial && sql?.startsWith('nextval(') ? 'by default' : undefined
}

function toUnique({ name, columns, nulls_not_distinct: nullsNotDistinct, ...row }: ConstraintRow): Unique {
  return { name, columns: names(columns), ...(nullsNotDistinct && { nullsNotDistinct }), ...deferring(row) }
}

const actions: Readonly<Record<string, ForeignKeyAction>> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' }

function toForeignKey(row: ConstraintRow, schema: string): ForeignKey {
  const { name, columns, target, target_schema: targetSchema, target_columns: targetColumns } = row
  return {
    name,
    columns: names(columns),
    references: {
      table: target ?? '',
      columns: names(targetColumns),
      ...(targetSchema !== null && targetSchema !== schema && { schema: targetSchema }),
    },
    onDelete: actions[row.on_delete] ?? 'no action',
    onUpdate: actions[row.on_update] ?? 'no action',
    ...deferring(row),
  }
}

function deferring({ is_deferrable: deferrable, is_deferred: deferred }: Pick<ConstraintRow, 'is_deferrable' | 'is_deferred'>): {
  deferrable?: 'immediate' | 'deferred'
} {
  return deferrable ? { deferrable: deferred ? 'deferred' : 'immediate' } : {}
}

function toIndex(row: IndexRow, normalize: Normalize): Index {
  const { name, is_unique: unique, method, where_sql: where, key_count: keyCount, nulls_not_distinct: nullsNotDistinct } = row
  const parts = JSON.parse(row.parts) as readonly IndexPartRow[]
  const include = parts.slice(keyCount).map(({ column }) => column ?? '')
  return {
    name,
    parts: parts.slice(0, keyCount).map((part) => toPart(part, normalize)),
    unique,
    ...(where !== null && { where: normalize(where) }),
    ...(method !== 'btree' && { method }),
    ...(include.length > 0 && { include }),
    ...(nullsNotDistinct && { nullsNotDistinct }),
  }
}

function toPart(part: IndexPartRow, normalize: Normalize): IndexPart {
  const { column, sql, is_descending: isDescending, has_nulls_first: nullsFirst, operator_class: operatorClass } = part
  return {
    ...(column === null ? { expression: normalize(sql) } : { column }),
    ...(isDescending && { order: 'desc' }),
    ...(nullsFirst !== isDescending && { nulls: nullsFirst ? 'first' : 'last' }),
    ...(operatorClass !== null && { operatorClass }),
  }
}

function names(json: string | null): readonly string[] {
  return json === null ? [] : (JSON.parse(json) as readonly string[])
}

function tableName({ table_name: name }: { table_name: string }): string {
  return name
}
