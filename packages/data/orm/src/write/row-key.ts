import { types } from 'node:util'
import type { Database, MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { type Fold, Folds } from '../loading/folds.ts'
import type { WriteColumn } from './write-column.ts'

/** What tells rows from others by a key: the same for a value given and the engine's answer. */
export class RowKeys {
  readonly #columns: readonly WriteColumn[]
  readonly #folded: readonly WriteColumn[]
  readonly #folds: Folds | undefined
  readonly #fold: Fold

  /** @param count how many rows are given: the answers to one row alone are that row, however it is spelt */
  constructor(columns: readonly WriteColumn[], count: number, database: Database) {
    this.#columns = columns
    this.#folded = columns.filter(({ field }) => field.ci)
    this.#folds = count > 1 && this.#folded.length > 0 ? new Folds(database) : undefined
    this.#fold = this.#folds?.of ?? (() => '')
  }

  /** Asks the engine which of their values it takes for the same; before a row's key is asked for. */
  learn(rows: readonly Row[]): MaybePromise<void> {
    return this.#folds?.learn(rows.flatMap((row) => this.#folded.map(({ index }) => String(row[index]))))
  }

  of(row: Row): string {
    const parts = this.#columns.map((column) => this.#part(column, row[column.index]))
    return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts)
  }

  #part({ decode, field }: WriteColumn, raw: unknown): string {
    const value = decode === undefined || raw === null ? raw : decode(raw)
    if (types.isDate(value)) return value.toISOString()
    if (types.isUint8Array(value)) return Buffer.from(value).toString('hex')
    return field.ci ? this.#fold(String(value)) : String(value)
  }
}
