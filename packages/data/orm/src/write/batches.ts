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

/** Cuts batches into what one statement each may have. */
export function statementsOf({ dialect }: Writer, batches: readonly Batch[]): readonly Batch[] {
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
