import { chunkSizes } from './chunks.ts'
import type { NewRow } from './row-encoder.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** Rows that give the same columns. */
export interface Batch {
  readonly rows: readonly NewRow[]
  readonly present: readonly WriteColumn[]
  readonly absent: readonly WriteColumn[]
}

export function batchesOf({ columns }: Writer, rows: readonly NewRow[]): readonly Batch[] {
  const [first] = rows
  const alike = first && rows.every(({ set }) => set === first.set) ? [rows] : Map.groupBy(rows, ({ set }) => set).values()
  return [...alike].map((batch) => {
    const isGiven = ({ index }: WriteColumn): boolean => batch[0]?.row[index] !== undefined
    return { rows: batch, present: columns.filter(isGiven), absent: columns.filter((column) => !isGiven(column)) }
  })
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
