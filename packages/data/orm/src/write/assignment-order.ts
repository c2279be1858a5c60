import { InvalidQueryError } from '../errors.ts'
import type { Sql } from '../sql/dialect.ts'
import type { WriteColumn } from './write-column.ts'

/** A column and what an UPDATE sets it to. */
export interface WrittenAssignment {
  readonly column: WriteColumn
  readonly value: Sql
  /** The columns of the row that the value is made of. SQL of the user's own may read others, which are not known. */
  readonly reads: ReadonlySet<string>
}

/**
 * The assignments so that a column is read before it is written: MariaDB and MySQL carry them out from left to right, and
 * read what was written (MySQL 8 Reference Manual, UPDATE Statement), where SQL has every value made of the row as it was.
 * @throws {InvalidQueryError} for columns set from each other, which no order gives the values that were meant
 */
export function inReadingOrder(model: string, assignments: readonly WrittenAssignment[]): readonly WrittenAssignment[] {
  const ordered: WrittenAssignment[] = []
  let rest = assignments
  while (rest.length > 0) {
    const next = rest.find((candidate) => !rest.some((other) => other !== candidate && other.reads.has(candidate.column.name)))
    if (!next) refuseCircle(model, rest)
    ordered.push(next)
    rest = rest.filter((assignment) => assignment !== next)
  }
  return ordered
}

function refuseCircle(model: string, assignments: readonly WrittenAssignment[]): never {
  const names = assignments.map(({ column }) => `'${column.property}'`).join(' and ')
  throw new InvalidQueryError(
    `${model}.update() sets ${names} from each other. MariaDB and MySQL carry assignments out one after the other, so one of them would get a value that was just written. Lock and read the rows in a transaction, and save them with their new values.`,
  )
}
