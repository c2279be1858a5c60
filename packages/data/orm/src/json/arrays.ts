import { type JsonColumn, type Kind, kinds } from './columns.ts'
import { instantLength, isInstant } from './instant.ts'
import type { Slab } from './slab.ts'
import { writeNumber, writeString } from './text.ts'
import { writeValue } from './value.ts'

const closing = 0x7d
const quote = 0x22

/** A row of values as the driver gives them, as an object of JSON. */
export function writeArray(slab: Slab, row: readonly unknown[], columns: readonly JsonColumn[]): void {
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as JsonColumn
    if (column.hidden) continue
    column.key.write(slab)
    writeCell(slab, row[index], column)
  }
  slab.byte(closing)
}

function writeCell(slab: Slab, raw: unknown, { kind, decode }: JsonColumn): void {
  if (raw === null) slab.ascii('null')
  else if (typeof raw === 'number' && isPlainNumber(raw, kind)) writeNumber(slab, raw)
  else if (typeof raw === 'string' && kind === kinds.text) writeString(slab, raw)
  else if (typeof raw === 'string' && kind === kinds.instant) writeInstant(slab, raw, decode)
  else writeValue(slab, decode ? decode(raw) : raw)
}

/** The decoder of computed integers refuses those that were rounded. */
function isPlainNumber(raw: number, kind: Kind): boolean {
  return kind === kinds.number || (kind === kinds.integer && Number.isSafeInteger(raw))
}

/** SQLite has times as text, in the form in which a Date prints them. */
function writeInstant(slab: Slab, text: string, decode: JsonColumn['decode']): void {
  if (text.length === instantLength && copyInstant(slab, text)) return
  writeValue(slab, decode ? decode(text) : text)
}

function copyInstant(slab: Slab, text: string): boolean {
  slab.reserve(instantLength + 2)
  const { bytes, end } = slab
  bytes[end] = quote
  let all = 0
  for (let index = 0; index < instantLength; index += 1) {
    const code = text.charCodeAt(index)
    all |= code
    bytes[end + 1 + index] = code
  }
  if (all > 0x7f || !isInstant(slab.view, end + 1)) return false
  bytes[end + instantLength + 1] = quote
  slab.end = end + instantLength + 2
  return true
}
