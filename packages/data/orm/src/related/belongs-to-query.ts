import { definer } from '../loading/define.ts'
import { fill } from '../write/fill.ts'
import { saveInstance } from '../write/save.ts'
import { isInstanceOf, keysOf } from './link.ts'
import { RelatedQuery } from './related-query.ts'

/** The row that this one refers to. */
export class BelongsToQuery extends RelatedQuery {
  /** Refers to another row, or to none, and stores that. */
  async set(target: unknown): Promise<void> {
    const { owner, relation } = this.link
    const { local, target: meta, name } = relation
    const [key = []] = target === null ? [] : keysOf(meta, [target])
    const values = Object.fromEntries(local.map(({ property }, index) => [property, target === null ? null : key[index]]))
    fill(relation.owner, owner, values)
    await saveInstance(owner)
    if (target === null || isInstanceOf(meta, target)) definer(name)(owner, target)
    else this.link.forget()
  }
}
