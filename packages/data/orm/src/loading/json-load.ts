import { InvalidQueryError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { comesInParts } from './json-plan.ts'
import type { ListLoad, LoadRun } from './loading.ts'
import { keepTogether } from './peers.ts'
import { givePivots, UniqueRows } from './unique-rows.ts'

/** Instances that were in a list, and the rows they were made of. */
export interface Listed {
  readonly related: readonly object[]
  readonly rows: readonly Row[]
}

/**
 * Makes the lists in the rows of owners instances, and gives them to the owners.
 * @param rows those the owners were made of; the lists are taken out, which nobody but the cache needs any more
 */
export function attachLists(load: ListLoad, owners: readonly object[], rows: readonly Row[], { database, cache }: LoadRun): Listed {
  const unique = new UniqueRows()
  const lists = rows.map((row) => {
    const list = listOf(row[load.at], load)
    if (cache === undefined) row[load.at] = undefined
    return list.map((each) => placeOf(each, load, unique))
  })
  const related = load.hydrate([...unique.rows], database)
  if (load.pivot) givePivots(load.pivot, related, unique.rows, database)
  const found = lists.map((list) => list.map((place) => related[place] as object))
  for (const [index, owner] of owners.entries()) {
    const list = found[index] ?? []
    load.define(owner, load.many ? list : (list[0] ?? null))
  }
  const having = found.filter((list) => list.length > 0)
  // Of one owner the list it gets is what callers hold.
  keepTogether(having.length === 1 ? (having[0] ?? owners) : owners, related)
  return { related, rows: unique.rows }
}

function placeOf(row: Row, { cells, targetKey }: ListLoad, unique: UniqueRows): number {
  for (const [position, fromJson] of cells.entries()) if (fromJson && row[position] !== null) row[position] = fromJson(row[position])
  return unique.placeOf(targetKey ? targetKey(row) : unique.rows.length, row)
}

/** The rows of one owner. @param raw text, or what was inside of text */
function listOf(raw: unknown, load: ListLoad): readonly Row[] {
  const list = load.counted ? countedList(raw, load) : (parsed(raw) as Row[])
  return comesInParts(load.cells.length) ? list.map((row) => row.flat()) : list
}

function parsed(raw: unknown): unknown {
  return typeof raw === 'string' ? JSON.parse(raw) : raw
}

/** @throws {InvalidQueryError} for a list that the server cut */
function countedList(raw: unknown, { name }: ListLoad): Row[] {
  try {
    const [count, rows] = parsed(raw) as [number, Row[] | null]
    const list = rows ?? []
    if (list.length === Number(count)) return list
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error
  }
  throw new InvalidQueryError(
    `The rows of '${name}' are more JSON than the server gives in one value: raise its group_concat_max_len, or leave eager('json') out.`,
  )
}
