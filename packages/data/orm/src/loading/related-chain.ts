import type { ModelMeta } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { childrenOp, type RelatedChains } from '../query/with.ts'
import type { WithNode } from '../query/with-tree.ts'

/** The query of a relation's rows. */
export function chainOf(target: ModelMeta, kind: string | undefined, { slot, children }: WithNode): (values: readonly unknown[]) => Chain {
  const below = children.size > 0 ? childrenOp(children) : undefined
  const complete = (chain: Chain): Chain => (below ? chain.add(below) : chain)
  // A scope may look at who asks.
  if (slot === undefined && target.declaration.options.scope) return () => complete(Chain.of(target))
  if (slot === undefined) {
    const whole = complete(Chain.of(target))
    return () => whole
  }
  return (values) => {
    const made = values[slot] as RelatedChains
    return complete(made instanceof Chain ? made : (made.get(kind ?? '') ?? Chain.of(target)))
  }
}
