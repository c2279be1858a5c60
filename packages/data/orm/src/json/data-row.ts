import { InvalidQueryError } from '../errors.ts'
import { type JsonColumn, kinds } from './columns.ts'
import { copyBigint, copyBoolean, copyInstant, copyInteger, copyNumber, copyText, escapedSize, mostPerByte, writeNull } from './copy.ts'
import type { Slab } from './slab.ts'
import { writeValue } from './value.ts'

const closing = 0x7d
/** Of a DataRow message: its code, its length, and how many columns it has. */
const header = 7
/** Bytes up to which a text is given room as if all of it had to be escaped. */
const short = 1_024
/** What a value of another type is at most, with quotes around it. */
const mostOfValue = 32

/**
 * The row of one of PostgreSQL's DataRow messages as an object of JSON.
 * @param start of the message
 * @returns the end of the message
 */
export function writeDataRow(slab: Slab, source: DataView, start: number, columns: readonly JsonColumn[]): number {
  if (source.getInt16(start + header - 2) !== columns.length)
    throw new InvalidQueryError('The rows have other columns than were asked for.')
  let at = start + header
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as JsonColumn
    const size = source.getInt32(at)
    const end = size < 0 ? at + 4 : at + 4 + size
    if (!column.hidden) writeCell(slab, source, at + 4, size < 0 ? -1 : end, column)
    at = end
  }
  slab.byte(closing)
  return at
}

/** @param end -1 for NULL */
function writeCell(slab: Slab, source: DataView, at: number, end: number, column: JsonColumn): void {
  slab.reserve(column.key.length + roomFor(source, at, end))
  const { view } = slab
  const to = column.key.copyTo(view, slab.end)
  const after = end < 0 ? writeNull(view, to) : copyCell(view, to, source, at, end, column)
  if (after >= 0) {
    slab.end = after
    return
  }
  slab.end = to
  const text = textAt(source, at, end)
  writeValue(slab, column.decode ? column.decode(text) : text)
}

function roomFor(source: DataView, at: number, end: number): number {
  const size = end - at
  return mostOfValue + (size <= short ? size * mostPerByte : escapedSize(source, at, end))
}

function copyCell(out: DataView, to: number, source: DataView, at: number, end: number, { kind }: JsonColumn): number {
  switch (kind) {
    case kinds.text:
      return copyText(out, to, source, at, end)
    case kinds.integer:
      return copyInteger(out, to, source, at, end)
    case kinds.bigint:
      return copyBigint(out, to, source, at, end)
    case kinds.boolean:
      return copyBoolean(out, to, source, at, end)
    case kinds.instant:
      return copyInstant(out, to, source, at, end)
    case kinds.number:
      return copyNumber(out, to, source, at, end)
    default:
      return -1
  }
}

/** The texts of such a row, null for NULL: what row mode `text` would have given. */
export function textsOf(source: DataView, start: number): { readonly row: (string | null)[]; readonly end: number } {
  const row: (string | null)[] = []
  let at = start + header
  for (let left = source.getInt16(start + header - 2); left > 0; left -= 1) {
    const size = source.getInt32(at)
    at += 4
    row.push(size < 0 ? null : textAt(source, at, at + size))
    at += Math.max(size, 0)
  }
  return { row, end: at }
}

function textAt({ buffer, byteOffset }: DataView, at: number, end: number): string {
  return Buffer.from(buffer, byteOffset + at, end - at).toString()
}
