import type { Slab } from './slab.ts'

const quote = 0x22
const backslash = 0x5c
/** Beyond this, the engine's own JSON is faster than a loop. */
const short = 128
/** Characters that are copied at once of a long text. */
const piece = 32 * 1024

/** A string of JSON, as `JSON.stringify` writes it. */
export function writeString(slab: Slab, text: string): void {
  if (text.length > short) return writeLong(slab, text)
  slab.reserve(text.length + 2)
  const { bytes } = slab
  let end = slab.end
  bytes[end++] = quote
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
      slab.end = end
      slab.utf8(JSON.stringify(text.slice(index)).slice(1))
      return
    }
    bytes[end++] = code
  }
  bytes[end++] = quote
  slab.end = end
}

/** Piece by piece, so that of a very long text there is no second one. */
function writeLong(slab: Slab, text: string): void {
  if (text.length <= piece) return slab.utf8(JSON.stringify(text))
  slab.byte(quote)
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start + piece)
    slab.utf8(JSON.stringify(text.slice(start, end)).slice(1, -1))
    start = end
  }
  slab.byte(quote)
}

/** Not between the halves of a pair. */
function endOfPiece(text: string, end: number): number {
  const last = text.charCodeAt(end - 1)
  return end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end
}

/** A number as `JSON.stringify` writes it: null for what JSON cannot hold. */
export function writeNumber(slab: Slab, value: number): void {
  if ((value | 0) === value && value >= 0) writeWhole(slab, value)
  else slab.ascii(Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null')
}

/** From 0 to 2^31 - 1. */
function writeWhole(slab: Slab, value: number): void {
  slab.reserve(10)
  const { bytes } = slab
  const end = slab.end + digitsOf(value)
  slab.end = end
  let rest = value
  for (let index = end - 1; ; index -= 1) {
    const tens = (rest / 10) | 0
    bytes[index] = 0x30 + rest - tens * 10
    if (tens === 0) return
    rest = tens
  }
}

function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; limit <= value; limit *= 10) digits += 1
  return digits
}
