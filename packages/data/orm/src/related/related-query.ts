import type { Chain } from '../query/chain.ts'
import { whereNode } from '../query/ops.ts'
import { Query } from '../query/query.ts'
import type { Link } from './link.ts'
import { narrowed } from './narrow.ts'

/** A query of the rows that belong to one row. Narrowed further it is a query like any other. */
export class RelatedQuery extends Query {
  readonly link: Link

  constructor(link: Link) {
    super(link.targets.chain.add(whereNode(narrowed(link))))
    this.link = link
  }

  override next(chain: Chain): this {
    return new Query(chain) as this
  }
}
