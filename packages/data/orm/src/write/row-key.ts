import type { Database, MaybePromise } from '@covet/db'
import { compositeIdentity, identityOf } from '../codecs/identity.ts'
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
    return joinedKey(this.#columns.map((column) => this.#part(column, row[column.index])))
  }

  #part(column: WriteColumn, raw: unknown): string {
    const part = partOfKey(column, raw)
    return column.field.ci ? this.#fold(part) : part
  }
}

/** A value of a key, spelt the same whether it was given or is the engine's answer. */
export function partOfKey({ decode }: WriteColumn, raw: unknown): string {
  return String(identityOf(decode === undefined || raw === null ? raw : decode(raw)))
}

/** Tells composite keys apart too. */
export function joinedKey(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : (compositeIdentity(parts) ?? '')
}
