import { chained } from '../maybe.ts'
import { createInstance } from '../write/create.ts'
import { differenceOf } from './difference.ts'
import type { JunctionRows } from './junction-rows.ts'
import { isInstanceOf, keysOf, type Link } from './link.ts'
import { PlainJunction } from './plain-junction.ts'
import { RelatedQuery } from './related-query.ts'
import { ThroughJunction } from './through-junction.ts'

type Pivot = Readonly<Record<string, unknown>>

/** The rows related to this one through a junction. */
export class ManyToManyQuery extends RelatedQuery {
  readonly #rows: JunctionRows

  constructor(link: Link) {
    super(link)
    const { junction } = link.relation
    this.#rows = junction?.meta ? new ThroughJunction(link, junction.meta) : new PlainJunction(link)
  }

  /** Relates rows, one of them with values for the junction. Those that are related stay as they are. */
  async add(...given: unknown[]): Promise<void> {
    const { link } = this
    const { targets, pivot } = this.#split(given)
    if (targets.length === 0) return
    const keys = keysOf(link.relation.target, targets)
    const { isUnique } = this.#rows
    // Beside a `set` it would hold rows that the other waits for, and wait for others of it: one of them has the owner first.
    if (link.database.dialect !== 'sqlite' || !isUnique)
      await link.locked(isUnique ? 'relate' : 'replace', () => this.#rows.add(keys, pivot))
    else await this.#rows.add(keys, pivot)
    link.forget()
  }

  async remove(...targets: unknown[]): Promise<void> {
    const { link } = this
    if (targets.length === 0) return
    const keys = keysOf(link.relation.target, targets)
    if (link.database.dialect !== 'sqlite') await link.locked('relate', () => this.#rows.remove(keys))
    else await this.#rows.remove(keys)
    link.forget()
  }

  /** Adds and removes what differs, with this row locked. */
  async set(targets: readonly unknown[]): Promise<void> {
    const { link } = this
    const { target } = link.relation
    const wanted = keysOf(target, targets)
    await link.locked('replace', async () => {
      const { added, removed } = await differenceOf(link, await this.#rows.current(), wanted)
      if (removed.length > 0) await this.#rows.remove(removed)
      if (added.length > 0) await this.#rows.add(added.map((position) => wanted[position] ?? []))
    })
    link.forget()
  }

  /** Creates a row and relates it, both or none. */
  create(values: unknown, pivot?: Pivot): Promise<object> {
    const { database, relation } = this.link
    return database.transaction(() =>
      chained(createInstance(relation.target, values, database), async (created) => {
        await this.add(created, ...(pivot ? [pivot] : []))
        return created
      }),
    )
  }

  /** The last argument is values for the junction where the junction is a model and it is nothing that names a row. */
  #split(given: readonly unknown[]): { targets: readonly unknown[]; pivot: Pivot | undefined } {
    const [first, second] = given
    const { target, junction } = this.link.relation
    const isPivot = given.length === 2 && junction?.meta && typeof second === 'object' && second !== null && !isInstanceOf(target, second)
    if (!isPivot || (target.primaryKey.length > 1 && target.primaryKey.every(({ property }) => property in second)))
      return { targets: given, pivot: undefined }
    return { targets: [first], pivot: second as Pivot }
  }
}
