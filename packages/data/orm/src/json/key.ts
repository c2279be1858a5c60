import type { Slab } from './slab.ts'

/** What stands before a value: `{"id":` or `,"name":`. */
export class Key {
  readonly length: number
  /** Four bytes each; the last one may be longer than the key, and is overwritten by what follows. */
  readonly #words: Int32Array

  constructor(text: string) {
    const bytes = Buffer.from(text)
    this.length = bytes.length
    const padded = Buffer.concat([bytes, Buffer.alloc(3)])
    this.#words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => padded.readInt32LE(index * 4))
  }

  /** Where there is room for three bytes more. @returns the end */
  copyTo(out: DataView, to: number): number {
    const words = this.#words
    for (let index = 0; index < words.length; index += 1) out.setInt32(to + index * 4, words[index] as number, true)
    return to + this.length
  }

  write(slab: Slab): void {
    slab.reserve(this.length + 3)
    slab.end = this.copyTo(slab.view, slab.end)
  }
}
