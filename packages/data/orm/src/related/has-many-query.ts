import { createInstances, listOf } from '../write/create-many.ts'
import { differenceOf } from './difference.ts'
import { HasQuery } from './has-query.ts'
import { keysOf } from './link.ts'

/** The rows that refer to this one. */
export class HasManyQuery extends HasQuery {
  async createMany(list: unknown): Promise<object[]> {
    const { relation, database } = this.link
    const created = await createInstances(
      relation.target,
      listOf(relation.target, list).map((values) => this.linked(values)),
      database,
    )
    this.link.forget()
    return created
  }

  /** Lets them refer to this one, all or none. @throws {ForeignKeyViolation} for a row that is not there, or that its key does not find */
  async add(...targets: unknown[]): Promise<void> {
    await (targets.length > 1 ? this.link.database.transaction(() => this.refer(targets)) : this.refer(targets))
  }

  /** Lets them refer to nothing. @throws {NotNullViolation} where they must refer to something */
  async remove(...targets: unknown[]): Promise<void> {
    await this.release(targets)
  }

  /** Adds and removes what differs, with this row locked. */
  async set(targets: readonly unknown[]): Promise<void> {
    const { link } = this
    const { target } = link.relation
    const wanted = keysOf(target, targets)
    await link.locked('update', async () => {
      const { added, removed } = await differenceOf(link, await this.current(), wanted)
      await this.releaseKeys(removed)
      await this.refer(added.map((position) => targets[position]))
    })
    link.forget()
  }
}
