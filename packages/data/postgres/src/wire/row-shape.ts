import type { RowMode } from '@covet/db'
import { decoderOf, type Decoder } from '../values/decoders.ts'
import type { FieldDescription } from './protocol.ts'

/** A row as it comes: text, or null for NULL. */
export type RawRow = (string | null)[]
export type RowReader = (raw: RawRow) => unknown

/** The columns of a result, and how a row of them is read. */
export class RowShape {
  readonly #names: readonly string[]
  /** Undefined where the text is the value. */
  readonly #decoders: readonly (Decoder | undefined)[]
  readonly #empty: Record<string, unknown>

  constructor(fields: readonly FieldDescription[]) {
    this.#names = fields.map(({ name }) => name)
    this.#decoders = fields.map(({ dataTypeID }) => decoderOf(dataTypeID))
    // Defined, not assigned: a column may be called `__proto__`.
    this.#empty = Object.fromEntries(fields.map(({ name }) => [name, null]))
  }

  reader(mode: RowMode): RowReader {
    if (mode === 'text' || mode === 'bytes') return (raw) => raw
    return mode === 'array' ? (raw) => this.#toArray(raw) : (raw) => this.#toObject(raw)
  }

  /** In place: nobody else has the raw row. */
  #toArray(raw: RawRow): unknown[] {
    const row: unknown[] = raw
    const decoders = this.#decoders
    for (let index = 0; index < raw.length; index += 1) {
      const decode = decoders[index]
      const text = raw[index]
      if (decode !== undefined && typeof text === 'string') row[index] = decode(text)
    }
    return row
  }

  #toObject(raw: RawRow): Record<string, unknown> {
    // A copy has all members at once, so every row has the same hidden class, and assignment finds them its own.
    const row = { ...this.#empty }
    const names = this.#names
    const decoders = this.#decoders
    for (let index = 0; index < raw.length; index += 1) {
      const text = raw[index]
      if (typeof text !== 'string') continue
      const decode = decoders[index]
      row[names[index] as string] = decode === undefined ? text : decode(text)
    }
    return row
  }
}
