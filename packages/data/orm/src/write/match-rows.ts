import type { Row } from '../hydrate/base-class.ts'
import { joinedKey, partOfKey } from './row-key.ts'
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
  if (counted && !isInOrder(answer)) sortByNumber(answer)
  const byKey = counted
    ? undefined
    : new Map(rows.map((row) => [joinedKey(key.map((column) => partOfKey(column, row[column.index]))), row]))
  for (let position = 0; position < answer.length; position += 1) {
    const values = answer[position] as readonly unknown[]
    const row = byKey ? byKey.get(joinedKey(key.map((column, at) => partOfKey(column, values[at])))) : rows[position]
    if (row) for (let at = 0; at < columns.length; at += 1) row[(columns[at] as WriteColumn).index] = values[at]
  }
}

/** As engines nearly always answer, downwards where a sequence counts so. Numbers beyond 2^53 are left to those who tell them apart. */
function isInOrder(answer: readonly (readonly unknown[])[]): boolean {
  const sign = Number(answer[0]?.[0]) > Number(answer[1]?.[0]) ? -1 : 1
  let before = Number.NEGATIVE_INFINITY
  for (const row of answer) {
    const number = sign * Number(row[0])
    if (!(number > before && Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return false
    before = number
  }
  return true
}

function sortByNumber(answer: unknown[][]): void {
  // Keys that the triggers of a view keep to themselves are null.
  if (answer.some(([key]) => key === null)) return
  const numbers = new Map(answer.map((row) => [row, BigInt(row[0] as string | number | bigint)]))
  answer.sort((left, right) => {
    const [a = 0n, b = 0n] = [numbers.get(left), numbers.get(right)]
    return a < b ? -1 : a > b ? 1 : 0
  })
}
