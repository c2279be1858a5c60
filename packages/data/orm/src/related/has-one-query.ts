import { differenceOf } from './difference.ts'
import { HasQuery } from './has-query.ts'
import { keysOf } from './link.ts'

/** The row that refers to this one. */
export class HasOneQuery extends HasQuery {
  /**
   * Lets another row refer to this one, or none. The one before refers to nothing then.
   * @throws {NotNullViolation} where it must refer to something
   */
  async set(target: unknown): Promise<void> {
    const { link } = this
    const targets = target === null ? [] : [target]
    const wanted = keysOf(link.relation.target, targets)
    await link.locked('update', async () => {
      const { added, removed } = await differenceOf(link, await this.current(), wanted)
      await this.releaseKeys(removed)
      if (added.length > 0) await this.refer(targets)
    })
    link.forget()
  }
}
