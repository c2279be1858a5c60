import type { Chain } from '../query/chain.ts'
import type { Op } from '../query/op.ts'
import type { Shape } from '../query/shape.ts'
import type { QueryState } from '../query/state.ts'
import type { WithTree } from '../query/with-tree.ts'
import { chainOf } from './related-chain.ts'

/** The query of a relation's rows, where it becomes part of the statement around it. */
export interface EagerPart {
  readonly chain: Chain
  /** Where its values begin, among those of all parts. */
  readonly at: number
  readonly below: EagerParts
}

/** By relation. Those of a polymorphic one are not among them: its rows are of several tables. */
export type EagerParts = ReadonlyMap<string, EagerPart>

/** What a query says of relations that come in its own statement. */
export interface Eager {
  /** Where the values of the parts begin, among those of the statement. */
  readonly base: number
  /** Where those of the query whose relations these are begin. */
  readonly from: number
  readonly parts: EagerParts
}

const eagerNote = 'relations in one statement'
const trees = new WeakMap<Shape, WithTree>()

/**
 * A query whose relations come in its own statement: what the callbacks of `with({ … })` made of their queries is structure
 * here, and their values are the statement's.
 */
export function eagerChain(chain: Chain): Chain {
  const op = eagerOp(chain)
  return op ? chain.add(op) : chain
}

export function eagerOf({ notes }: QueryState): Eager | undefined {
  return notes.get(eagerNote) as Eager | undefined
}

function eagerOp(chain: Chain): Op | undefined {
  const gathering: Gathering = { tokens: [], values: [] }
  const parts = partsOf(chain, gathering)
  if (treeOf(chain).size === 0) return undefined
  return {
    token: `eager ${gathering.tokens.join('')}`,
    values: gathering.values,
    fold(state, base) {
      state.notes.set(eagerNote, { base, from: 0, parts } satisfies Eager)
    },
  }
}

interface Gathering {
  readonly tokens: string[]
  readonly values: unknown[]
}

function partsOf(chain: Chain, gathering: Gathering): EagerParts {
  const { meta } = chain
  const given = chain.values()
  const parts = new Map<string, EagerPart>()
  for (const node of treeOf(chain).values()) {
    const relation = meta.relation(node.name)
    if (relation.kind === 'polymorphic') continue
    const own = chainOf(relation.target, undefined, node)(given)
    const at = gathering.values.length
    gathering.values.push(...own.values())
    gathering.tokens.push(`${node.name} (${own.token()}) {`)
    parts.set(node.name, { chain: own, at, below: partsOf(own, gathering) })
    gathering.tokens.push('}')
  }
  return parts
}

/** The relations a query asks for; their names, and where their queries stand, are part of its shape. */
function treeOf(chain: Chain): WithTree {
  const known = trees.get(chain.shape)
  if (known) return known
  const { with: tree } = chain.state()
  trees.set(chain.shape, tree)
  return tree
}
