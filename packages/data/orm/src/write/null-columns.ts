import type { NewRow } from './row-encoder.ts'
import type { WriteColumn } from './write-column.ts'
import type { ColumnSet, Writer } from './writer.ts'

export function sameColumns(rows: readonly NewRow[]): boolean {
  const [first] = rows
  return first !== undefined && rows.every(({ set }) => set === first.set)
}

/**
 * New rows of one call, with null where one leaves out a nullable column that another gives: such rows fit one statement.
 * What the engine counts, computes or needs is left to it.
 * @param stays columns that a row which leaves them out must not name
 */
export function withNulls(writer: Writer, rows: readonly NewRow[], stays: readonly WriteColumn[] = []): readonly NewRow[] {
  if (sameColumns(rows)) return rows
  const columns = writer.columns.filter(
    (column) => mayBeNull(writer, column) && !stays.includes(column) && rows.some(({ row }) => row[column.index] !== undefined),
  )
  return columns.length === 0 ? rows : rows.map((made) => filled(writer, made, columns))
}

function mayBeNull({ primaryKey }: Writer, column: WriteColumn): boolean {
  return column.field.nullable && !column.field.generated && !primaryKey.includes(column)
}

function filled(writer: Writer, made: NewRow, columns: readonly WriteColumn[]): NewRow {
  const { row } = made
  for (const { index } of columns) if (row[index] === undefined) row[index] = null
  return { ...made, set: setOf(writer, made) }
}

function setOf({ columns, noColumns }: Writer, { row }: NewRow): ColumnSet {
  let set = noColumns
  for (const { index, mark } of columns) if (row[index] !== undefined) set = (set as number) + (mark as number)
  return set
}
