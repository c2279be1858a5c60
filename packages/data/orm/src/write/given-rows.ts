import { types } from 'node:util'
import { sql } from 'kysely'
import type { Sql } from '../sql/dialect.ts'
import { Param } from '../sql/param.ts'
import type { Batch } from './batches.ts'
import { bulkParams } from './bulk-text.ts'
import { castSql, names } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** What rows that an UPDATE is given are called there; no table has that name. */
const given = 'covet given'
const ordinal = 'covet ordinal'

/** Rows that stand beside a table in an UPDATE. */
export interface GivenRows {
  /** What stands in FROM. */
  readonly rows: Sql
  /** The value of a column, to be stored. */
  value(column: WriteColumn): Sql
  /** The value of a column of the key, to be compared with the table's. */
  key(column: WriteColumn): Sql
}

/** The parameters of such rows. PostgreSQL gets one array per column and MySQL one JSON text, whatever the number of rows. */
export function givenParams(writer: Writer, { present, rows }: Batch): readonly unknown[] {
  if (writer.dialect !== 'mysql') return bulkParams(writer, present, rows)
  return [`[${rows.map(({ row }) => `[${present.map((column) => jsonCell(row[column.index], column)).join(',')}]`).join(',')}]`]
}

/** @param base where the first of the parameters stands among the statement's values */
export function givenRows(writer: Writer, present: readonly WriteColumn[], count: number, base: number): GivenRows {
  if (writer.dialect === 'postgres') return arrays(writer, present, base)
  return writer.dialect === 'mysql' ? jsonTable(present, base) : tuples(present, count, base)
}

/** The rows are locked in the order they were given, before the first is written: the planner joins in any order. */
function arrays({ meta, primaryKey }: Writer, present: readonly WriteColumn[], base: number): GivenRows {
  const held = 'covet held'
  const lists = present.map(({ cast = 'text' }, index) => sql`${new Param(base + index)}::${sql.raw(cast)}[]`)
  const unnested = sql`unnest(${sql.join(lists, sql`, `)}) with ordinality as ${sql.id(given)} (${names(present)}, ${sql.id(ordinal)})`
  const columns = present.map(({ name }) => sql.id(given, name))
  const same = primaryKey.map(({ name }) => sql`${sql.id(held, name)} = ${sql.id(given, name)}`)
  const value = ({ name }: WriteColumn): Sql => sql.id(given, name)
  return {
    rows: sql`(select ${sql.join(columns, sql`, `)} from ${unnested} join ${sql.table(meta.table)} as ${sql.id(held)} on ${sql.join(same, sql` and `)} order by ${sql.id(given, ordinal)} for no key update of ${sql.id(held)}) as ${sql.id(given)}`,
    value,
    key: value,
  }
}

function tuples(present: readonly WriteColumn[], count: number, base: number): GivenRows {
  const tuple = (row: number): Sql =>
    sql`(${sql.join(
      present.map(({ cast }, index) => castSql(sql`${new Param(base + row * present.length + index)}`, cast)),
      sql`, `,
    )})`
  const rows = sql.join(
    Array.from({ length: count }, (_, row) => tuple(row)),
    sql`, `,
  )
  // SQLite's names for the columns of VALUES.
  const value = (column: WriteColumn): Sql => sql.id(given, `column${present.indexOf(column) + 1}`)
  // The sign keeps SQLite from an index over the given rows, and with it from a scan of the whole table.
  return { rows: sql`(values ${rows}) as ${sql.id(given)}`, value, key: (column) => sql`+${value(column)}` }
}

/**
 * Both MariaDB (10.6) and MySQL (8.0.4) have JSON_TABLE. Anything but an integer travels as text, which a column takes as
 * it takes a literal; to compare it with a key it gets the key's type, without which no index would be looked at.
 */
function jsonTable(present: readonly WriteColumn[], base: number): GivenRows {
  const columns = present.map(
    (column, index) =>
      sql`${sql.id(column.name)} ${sql.raw(isInteger(column) ? 'bigint' : 'longtext character set utf8mb4')} path ${sql.lit(`$[${index}]`)} error on error`,
  )
  const value = (column: WriteColumn): Sql => {
    const text = sql.id(given, column.name)
    return column.field.type === 'bytes' && !column.field.encrypted ? sql`unhex(${text})` : text
  }
  return {
    rows: sql`json_table(${new Param(base)}, '$[*]' columns (${sql.join(columns, sql`, `)})) as ${sql.id(given)}`,
    value,
    key: (column) => keyValue(column, value(column)),
  }
}

const integers: ReadonlySet<string> = new Set(['id', 'bigid', 'int', 'bigint', 'bool'])

function isInteger({ field }: WriteColumn): boolean {
  return integers.has(field.type) && field.encrypted !== true
}

/**
 * A text needs the collation that `createTables` gives the column: between two of different ones the servers do not decide.
 * One of ASCII takes that of any column.
 */
function keyValue({ field }: WriteColumn, value: Sql): Sql {
  switch (field.type) {
    case 'string':
    case 'text':
    case 'enum':
      return field.ci
        ? sql`${value} collate utf8mb4_unicode_ci`
        : sql`${value} /*M! collate utf8mb4_nopad_bin *//*!80017 collate utf8mb4_0900_bin */`
    case 'uuid':
      return sql`convert(${value} using ascii)`
    case 'datetime':
    case 'time':
      return sql`cast(${value} as ${sql.raw(field.type)}(3))`
    case 'date':
      return sql`cast(${value} as date)`
    case 'decimal':
      return sql`cast(${value} as decimal(65, ${sql.lit(field.scale ?? 0)}))`
    case 'float':
      return sql`cast(${value} as double)`
    default:
      return value
  }
}

function jsonCell(raw: unknown, column: WriteColumn): string {
  if (raw === null || raw === undefined) return 'null'
  if (isInteger(column)) return String(raw as number | bigint)
  // `2024-03-10 02:30:00.123`, in the zone of every session.
  if (types.isDate(raw)) return JSON.stringify(raw.toISOString().slice(0, -1).replace('T', ' '))
  return JSON.stringify(types.isUint8Array(raw) ? Buffer.from(raw).toString('hex') : String(raw as string | number).toWellFormed())
}
