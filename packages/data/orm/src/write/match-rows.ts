import type { Row } from '../hydrate/base-class.ts'
import type { WriteColumn } from './write-column.ts'

/**
 * Puts what an INSERT answered into the rows it was given. Engines do not promise the order of the answer, so rows are told
 * by their keys; keys that the engine counted up are in the order of the rows.
 * @param columns of the answer, the key first
 */
export function matchRows(
  rows: readonly Row[],
  answer: unknown[][],
  columns: readonly WriteColumn[],
  key: readonly WriteColumn[],
  counted: boolean,
): void {
  if (counted) sortByNumber(answer)
  const byKey = counted ? undefined : new Map(rows.map((row) => [keyText(key.map(({ index }) => row[index])), row]))
  for (const [position, values] of answer.entries()) {
    const row = byKey ? byKey.get(keyText(values.slice(0, key.length))) : rows[position]
    if (row) for (const [at, { index }] of columns.entries()) row[index] = values[at]
  }
}

/** Tells the rows of a composite key apart. */
export function keyText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))
}

function sortByNumber(answer: unknown[][]): void {
  const numbers = new Map(answer.map((row) => [row, BigInt(row[0] as string | number | bigint)]))
  answer.sort((left, right) => {
    const [a = 0n, b = 0n] = [numbers.get(left), numbers.get(right)]
    return a < b ? -1 : a > b ? 1 : 0
  })
}
