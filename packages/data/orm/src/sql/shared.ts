import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Sql } from './dialect.ts'

/** The queries of one statement that stand before it under names of their own (common table expressions, SQL:1999). */
export class SharedQueries {
  readonly #uses: ReadonlyMap<number, number>
  readonly #names = new Map<number, string>()
  #parts: Sql[] = []
  #next = 0

  /** @param uses which of the places are of one query */
  constructor(uses: ReadonlyMap<number, number>) {
    this.#uses = uses
  }

  /** The name of the query used at a slot, which is written when it is first asked for: those it needs stand before it. */
  nameOf(slot: number, write: () => Sql): string {
    const use = this.#uses.get(slot)
    if (use === undefined) throw new InvalidQueryError('A shared query was not counted among the values of its statement.')
    const known = this.#names.get(use)
    if (known !== undefined) return known
    const written = write()
    const name = `shared${this.#next}`
    this.#next += 1
    this.#names.set(use, name)
    this.#parts.push(sql`${sql.id(name)} as (${written})`)
    return name
  }

  /** A statement that is complete, with the queries before it; what comes after it knows nothing of them. */
  before(statement: Sql): Sql {
    const parts = this.#parts
    if (parts.length === 0) return statement
    this.#parts = []
    this.#names.clear()
    return sql`with ${sql.join(parts, sql`, `)} ${statement}`
  }
}
