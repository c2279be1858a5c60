import { instantLength, isInstant } from './instant.ts'

// Each function copies the text between `at` and `end` to `to` in `bytes`, where there is room, and gives the end of what
// it wrote: or -1 where the text is not sure to be what `JSON.stringify` would print of its value.

const quote = 0x22
const plus = 0x2b
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
const backslash = 0x5c
const hex = Buffer.from('0123456789abcdef')
/** The letter after the backslash, of the control characters that have one. */
const letters = Buffer.from('\0\0\0\0\0\0\0\0btn\0fr\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')
/** What a byte becomes at most. */
export const mostPerByte = 6
/** Digits, the point apart, that are the same number in everybody's shortest form. */
const exactDigits = 15
const int64Digits = 19

export function copyText(bytes: Uint8Array, start: number, source: Uint8Array, at: number, end: number): number {
  let to = start
  bytes[to++] = quote
  for (let from = at; from < end; from += 1) {
    const code = source[from] as number
    if (code >= 0x20 && code !== quote && code !== backslash) bytes[to++] = code
    else to = escape(bytes, to, code)
  }
  bytes[to++] = quote
  return to
}

/** How many bytes a text becomes, its quotes apart. */
export function escapedSize(source: Uint8Array, at: number, end: number): number {
  let size = end - at
  for (let from = at; from < end; from += 1) {
    const code = source[from] as number
    if (code < 0x20) size += letters[code] === 0 ? mostPerByte - 1 : 1
    else if (code === quote || code === backslash) size += 1
  }
  return size
}

function escape(bytes: Uint8Array, at: number, code: number): number {
  bytes[at] = backslash
  const letter = code < 0x20 ? (letters[code] as number) : code
  if (letter !== 0) {
    bytes[at + 1] = letter
    return at + 2
  }
  bytes[at + 1] = 0x75
  bytes[at + 2] = zero
  bytes[at + 3] = zero
  bytes[at + 4] = hex[code >> 4] as number
  bytes[at + 5] = hex[code & 15] as number
  return at + 6
}

export function copyInteger(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  return copyWhole(bytes, to, source, at, end, exactDigits)
}

/** In quotes. */
export function copyBigint(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  const after = copyWhole(bytes, to + 1, source, at, end, int64Digits)
  if (after < 0) return after
  bytes[to] = quote
  bytes[after] = quote
  return after + 1
}

/** Nothing could be left out: neither a zero in front nor a sign of zero. */
function copyWhole(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number, digits: number): number {
  const first = source[at] === minus ? at + 1 : at
  const size = end - first
  if (size < 1 || size > digits || (source[first] === zero && (size > 1 || first > at))) return -1
  if (first > at) bytes[to] = minus
  const shift = to - at
  for (let from = first; from < end; from += 1) {
    const code = source[from] as number
    if (code < zero || code > nine) return -1
    bytes[from + shift] = code
  }
  return end + shift
}

/** Without an exponent, zeros at an end, or more digits than are sure. */
export function copyNumber(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  let middle = at
  while (middle < end && source[middle] !== point) middle += 1
  if (middle === end) return copyInteger(bytes, to, source, at, end)
  const first = source[at] === minus ? at + 1 : at
  const isZero = middle - first === 1 && source[first] === zero
  if (end - first > exactDigits + 1 || source[end - 1] === zero || (isZero && source[middle + 1] === zero)) return -1
  if (!isZero && copyWhole(bytes, to, source, at, middle, exactDigits) < 0) return -1
  if (!areDigits(source, middle + 1, end)) return -1
  return copy(bytes, to, source, at, end)
}

export function copyBoolean(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  if (end - at !== 1) return -1
  const code = source[at]
  if (code === 0x74) return copy(bytes, to, yes, 0, yes.length)
  return code === 0x66 ? copy(bytes, to, no, 0, no.length) : -1
}

const yes = Buffer.from('true')
const no = Buffer.from('false')

/** From `2024-03-10 02:30:00.123456+00`, as a Date prints it: what is below the millisecond is cut. */
export function copyInstant(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  const size = end - at
  if (size < 22 || size > 29 || source[at + 10] !== 0x20 || !isUtc(source, end - 3)) return -1
  copy(bytes, to + 1, source, at, at + 19)
  bytes[to] = quote
  bytes[to + 11] = 0x54
  bytes[to + 20] = point
  for (let index = 0; index < 3; index += 1) bytes[to + 21 + index] = 20 + index < size - 3 ? (source[at + 20 + index] as number) : zero
  bytes[to + 24] = 0x5a
  bytes[to + 25] = quote
  if (size > 22 && (source[at + 19] !== point || !areDigits(source, at + 20, end - 3))) return -1
  return isInstant(bytes, to + 1) ? to + instantLength + 2 : -1
}

function isUtc(source: Uint8Array, at: number): boolean {
  return source[at] === plus && source[at + 1] === zero && source[at + 2] === zero
}

function areDigits(source: Uint8Array, at: number, end: number): boolean {
  for (let from = at; from < end; from += 1) {
    const code = source[from] as number
    if (code < zero || code > nine) return false
  }
  return end > at
}

/** So short that a loop is faster than the engine's copying. */
export function copy(bytes: Uint8Array, to: number, source: Uint8Array, at: number, end: number): number {
  const shift = to - at
  for (let from = at; from < end; from += 1) bytes[from + shift] = source[from] as number
  return end + shift
}
