import { InvalidQueryError } from '../errors.ts'
import { type JsonColumn, kinds } from './columns.ts'
import { copy, copyBigint, copyBoolean, copyInstant, copyInteger, copyNumber, copyText, escapedSize, mostPerByte } from './copy.ts'
import type { Slab } from './slab.ts'
import { writeValue } from './value.ts'

const closing = 0x7d
/** Of a DataRow message: its code, its length, and how many columns it has. */
const header = 7
/** Bytes up to which a text is given room as if all of it had to be escaped. */
const short = 1_024
/** What a value of another type is at most, with quotes around it. */
const mostOfValue = 32
const nothing = Buffer.from('null')

/**
 * The row of one of PostgreSQL's DataRow messages as an object of JSON.
 * @param start of the message
 * @returns the end of the message
 */
export function writeDataRow(slab: Slab, source: Buffer, start: number, columns: readonly JsonColumn[]): number {
  if (int16(source, start + header - 2) !== columns.length) throw new InvalidQueryError('The rows have other columns than were asked for.')
  let at = start + header
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as JsonColumn
    const size = int32(source, at)
    const end = size < 0 ? at + 4 : at + 4 + size
    if (!column.hidden) writeCell(slab, source, at + 4, size < 0 ? -1 : end, column)
    at = end
  }
  slab.byte(closing)
  return at
}

/** @param end -1 for NULL */
function writeCell(slab: Slab, source: Buffer, at: number, end: number, column: JsonColumn): void {
  const { key } = column
  slab.reserve(key.length + roomFor(source, at, end))
  const { bytes } = slab
  const to = copy(bytes, slab.end, key, 0, key.length)
  const after = end < 0 ? copy(bytes, to, nothing, 0, nothing.length) : copyCell(bytes, to, source, at, end, column)
  if (after >= 0) {
    slab.end = after
    return
  }
  slab.end = to
  const text = source.toString('utf8', at, end)
  writeValue(slab, column.decode ? column.decode(text) : text)
}

function roomFor(source: Buffer, at: number, end: number): number {
  const size = end - at
  return mostOfValue + (size <= short ? size * mostPerByte : escapedSize(source, at, end))
}

function copyCell(bytes: Uint8Array, to: number, source: Buffer, at: number, end: number, { kind }: JsonColumn): number {
  switch (kind) {
    case kinds.text:
      return copyText(bytes, to, source, at, end)
    case kinds.integer:
      return copyInteger(bytes, to, source, at, end)
    case kinds.bigint:
      return copyBigint(bytes, to, source, at, end)
    case kinds.boolean:
      return copyBoolean(bytes, to, source, at, end)
    case kinds.instant:
      return copyInstant(bytes, to, source, at, end)
    case kinds.number:
      return copyNumber(bytes, to, source, at, end)
    default:
      return -1
  }
}

/** The texts of such a row, null for NULL: what row mode `text` would have given. */
export function textsOf(source: Buffer, start: number): { readonly row: (string | null)[]; readonly end: number } {
  const row: (string | null)[] = []
  let at = start + header
  for (let left = int16(source, start + header - 2); left > 0; left -= 1) {
    const size = int32(source, at)
    at += 4
    row.push(size < 0 ? null : source.toString('utf8', at, at + size))
    at += Math.max(size, 0)
  }
  return { row, end: at }
}

function int16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

function int32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
}
