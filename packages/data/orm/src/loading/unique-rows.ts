import type { Database } from '@covet/db'
import { compositeIdentity, identityOf } from '../codecs/identity.ts'
import type { Row } from '../hydrate/base-class.ts'
import { definer } from './define.ts'
import type { Pivot } from './loading.ts'

/** What rows are equal by; undefined where a part of it is null. */
export type RowKey = (row: Row) => unknown

export function rowKey(positions: readonly number[]): RowKey {
  const [only = 0, second] = positions
  if (second === undefined) return (row) => identityOf(row[only])
  return (row) => compositeIdentity(positions.map((position) => row[position]))
}

/** Equal rows are one instance: the first of each. */
export class UniqueRows {
  readonly rows: Row[] = []
  readonly #places = new Map<unknown, number>()

  /** Where the row with this key stands: this one, or one before. */
  placeOf(key: unknown, row: Row): number {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#places.set(key, this.rows.length)
    return this.rows.push(row) - 1
  }
}

/** Gives instances the junction's rows that stand in those they were made of. */
export function givePivots({ at, width, hydrate }: Pivot, instances: readonly object[], rows: readonly Row[], database: Database): void {
  const pivots = hydrate(
    rows.map((row) => row.slice(at, at + width)),
    database,
  )
  const define = definer('pivot')
  for (let index = 0; index < instances.length; index += 1) define(instances[index] as object, pivots[index])
}
