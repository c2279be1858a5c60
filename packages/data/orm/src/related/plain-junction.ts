import type { Database } from '@covet/db'
import { Keys } from '../loading/keys.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import { send, sendWrite } from '../write/send.ts'
import type { JunctionRows } from './junction-rows.ts'
import { type JunctionStatements, junctionStatements } from './junction-statements.ts'
import type { Link } from './link.ts'

/** Rows per statement: below what any engine takes as parameters, with keys of several columns too. */
const rowsPerStatement = 1_000

/** A junction that is a table and nothing else. */
export class PlainJunction implements JunctionRows {
  readonly isUnique = true
  readonly #link: Link
  readonly #statements: JunctionStatements

  constructor(link: Link) {
    this.#link = link
    this.#statements = junctionStatements(link.relation, link.database)
  }

  async add(targets: readonly KeyValues[]): Promise<void> {
    const statements = this.#statements
    const owner = statements.ownerParams(this.#link.key)
    for (const chunk of chunks(inOrder(this.#link, targets))) {
      const params = chunk.flatMap((key) => [...owner, ...statements.targetParams(key)])
      await this.#write(statements.insert(chunk.length, this.#database), params)
    }
  }

  async remove(targets: readonly KeyValues[]): Promise<void> {
    const statements = this.#statements
    for (const chunk of chunks(targets)) {
      const { text, params } = statements.delete(this.#link.key, chunk, this.#database)
      await this.#write(text, params)
    }
  }

  async current(): Promise<readonly KeyValues[]> {
    const statements = this.#statements
    const { rows } = await send(this.#database, statements.select(this.#database), statements.ownerParams(this.#link.key))
    return rows.map((row) => statements.targetOf(row))
  }

  get #database(): Database {
    return this.#link.database
  }

  async #write(text: string, params: readonly unknown[]): Promise<void> {
    await sendWrite(this.#database, [this.#statements.table], text, params)
  }
}

/** Each key once, and everybody's in one order, so that nobody waits in a circle for a pair that others insert too. */
function inOrder({ relation: { foreign } }: Link, targets: readonly KeyValues[]): readonly KeyValues[] {
  const keys = new Keys(foreign, foreign)
  const distinct = [...new Map(targets.map((values) => [keys.ofValues(values) as string, values]))]
  return distinct.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, values]) => values)
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += rowsPerStatement) yield all.slice(start, start + rowsPerStatement)
}
