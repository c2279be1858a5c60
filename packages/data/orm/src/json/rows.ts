import { isUtf8 } from 'node:buffer'
import { types } from 'node:util'
import { writeArray } from './arrays.ts'
import type { JsonColumn } from './columns.ts'
import { textsOf, writeDataRow } from './data-row.ts'
import { type Slab, viewOf } from './slab.ts'

/** How rows are written one after the other. */
export interface Writing {
  readonly columns: readonly JsonColumn[]
  /** The character behind each row. */
  readonly after: number
}

/** What a driver gives in row mode `bytes`: a row, or a run of rows as PostgreSQL's protocol has them. */
export type RawRows = readonly unknown[] | Buffer

export function isRun(rows: unknown): rows is Buffer {
  return types.isUint8Array(rows)
}

/** One row as the driver gives its values. */
export function writeRow(slab: Slab, row: readonly unknown[], { columns, after }: Writing): void {
  writeArray(slab, row, columns)
  slab.byte(after)
}

/** A part of a run that was written. */
export interface Written {
  /** Where the next row starts. */
  readonly at: number
  readonly rows: number
}

/** The rows of a run from `start` on; at most so many, and none after the first that fills the slab up to `full` bytes. */
export function writeRun(slab: Slab, run: Buffer, start: number, writing: Writing, most: number, full: number): Written {
  const before = slab.end
  const written = writeRows(slab, run, start, writing, most, full)
  if (isUtf8(slab.bytes.subarray(before, slab.end))) return written
  // A database without an encoding holds anything: what is no UTF-8 becomes U+FFFD, as in every string.
  slab.end = before
  return writeTexts(slab, run, start, writing, written.rows)
}

function writeRows(slab: Slab, run: Buffer, start: number, { columns, after }: Writing, most: number, full: number): Written {
  const source = viewOf(run)
  let at = start
  let rows = 0
  while (at < run.length && rows < most && slab.end < full) {
    at = writeDataRow(slab, source, at, columns)
    slab.byte(after)
    rows += 1
  }
  return { at, rows }
}

function writeTexts(slab: Slab, run: Buffer, start: number, writing: Writing, rows: number): Written {
  const source = viewOf(run)
  let at = start
  for (let index = 0; index < rows; index += 1) {
    const { row, end } = textsOf(source, at)
    writeRow(slab, row, writing)
    at = end
  }
  return { at, rows }
}
