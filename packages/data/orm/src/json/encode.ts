import type { JsonColumn } from './columns.ts'
import { isRun, type RawRows, writeRow, writeRun, type Writing } from './rows.ts'
import { Slab } from './slab.ts'

const opening = 0x5b
const comma = 0x2c
const closing = 0x5d

/** Absent while somebody writes to it: decoding may be the application's, and may ask for JSON. */
let spare: Slab | undefined = new Slab()

/** The rows as an array of JSON. */
export function encodeRows(rows: readonly RawRows[], columns: readonly JsonColumn[]): Buffer {
  const slab = spare ?? new Slab()
  spare = undefined
  try {
    slab.reserve(expectedSize(rows))
    slab.byte(opening)
    writeAll(slab, rows, { columns, after: comma })
    return slab.take()
  } finally {
    slab.clear()
    spare = slab
  }
}

/** Of large answers: to grow while they are written would cost copies of what is there. Memory that is not written costs none. */
function expectedSize(rows: readonly RawRows[]): number {
  let size = 0
  for (const run of rows) if (isRun(run)) size += run.length
  return Math.ceil(size * 1.25)
}

function writeAll(slab: Slab, rows: readonly RawRows[], writing: Writing): void {
  for (const row of rows) {
    if (isRun(row)) writeRun(slab, row, 0, writing, Infinity, Infinity)
    else writeRow(slab, row, writing)
  }
  // Behind the last row there is a comma.
  if (slab.end > 1) slab.end -= 1
  slab.byte(closing)
}
