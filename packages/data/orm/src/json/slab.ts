/** What stays allocated between answers. */
const kept = 256 * 1024

/** Bytes that one writer at a time fills. */
export class Slab {
  /** Valid until the next {@link reserve}, as is {@link view}. */
  bytes: Buffer
  /** The same bytes. */
  view: DataView
  /** Where the next byte goes. */
  end = 0

  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(kept)
    this.view = viewOf(this.bytes)
  }

  /** Sees to it that so many bytes fit. */
  reserve(count: number): void {
    if (this.bytes.length - this.end < count) this.#grow(this.end + count)
  }

  byte(code: number): void {
    this.reserve(1)
    this.bytes[this.end] = code
    this.end += 1
  }

  /** Characters up to U+007F. */
  ascii(text: string): void {
    this.reserve(text.length)
    const { bytes, end } = this
    for (let index = 0; index < text.length; index += 1) bytes[end + index] = text.charCodeAt(index)
    this.end = end + text.length
  }

  utf8(text: string): void {
    this.reserve(text.length * 3)
    this.end += this.bytes.write(text, this.end)
  }

  /** What was written, which is the caller's: a copy where it is small, and without one where that would cost memory. */
  take(): Buffer {
    const { bytes, end } = this
    this.clear()
    if (bytes.length > kept) return bytes.subarray(0, end)
    const copy = Buffer.allocUnsafeSlow(end)
    bytes.copy(copy, 0, 0, end)
    return copy
  }

  clear(): void {
    this.end = 0
    if (this.bytes.length > kept) this.#use(Buffer.allocUnsafeSlow(kept))
  }

  #grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(least, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.end)
    this.#use(larger)
  }

  #use(bytes: Buffer): void {
    this.bytes = bytes
    this.view = viewOf(bytes)
  }
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
