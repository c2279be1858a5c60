import { chunkSizes } from './chunks.ts'
import { sameColumns, withNulls } from './null-columns.ts'
import type { NewRow } from './row-encoder.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** Rows that give the same columns. */
export interface Batch {
  readonly rows: readonly NewRow[]
  readonly present: readonly WriteColumn[]
  readonly absent: readonly WriteColumn[]
}

export function batchOf({ columns }: Writer, rows: readonly NewRow[]): Batch {
  const isGiven = ({ index }: WriteColumn): boolean => rows[0]?.row[index] !== undefined
  return { rows, present: columns.filter(isGiven), absent: columns.filter((column) => !isGiven(column)) }
}

/** New rows in their order: a key that is counted comes after one that is given, and a child after its parent. */
export function batchesOf(writer: Writer, rows: readonly NewRow[]): readonly Batch[] {
  if (sameColumns(rows)) return [batchOf(writer, rows)]
  return neighbours(withNulls(writer, rows), ({ set }, before) => set === before.set).map((run) => batchOf(writer, run))
}

/** Cuts rows where one is not like the one before it, which keeps their order. */
export function neighbours(rows: readonly NewRow[], alike: (row: NewRow, before: NewRow) => boolean): readonly (readonly NewRow[])[] {
  const runs: NewRow[][] = []
  let before: NewRow | undefined
  for (const row of rows) {
    if (before && alike(row, before)) runs.at(-1)?.push(row)
    else runs.push([row])
    before = row
  }
  return runs
}

/** Cuts batches into what one statement each may have. */
export function statementsOf({ dialect }: Pick<Writer, 'dialect'>, batches: readonly Batch[]): readonly Batch[] {
  return batches.flatMap((batch) => cut(batch, dialect))
}

function cut(batch: Batch, dialect: string): readonly Batch[] {
  // A row without any value has no list of them.
  if (batch.present.length === 0) return batch.rows.map((row) => ({ ...batch, rows: [row] }))
  let start = 0
  return chunkSizes(batch.rows.length, batch.present.length, dialect).map((size) => {
    start += size
    return size === batch.rows.length ? batch : { ...batch, rows: batch.rows.slice(start - size, start) }
  })
}
