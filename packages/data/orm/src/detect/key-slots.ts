import type { Node } from '../expressions/node.ts'
import type { Chain } from '../query/chain.ts'
import { conditionsOnRows } from '../query/computed.ts'
import type { Shape } from '../query/shape.ts'
import type { QueryState } from '../query/state.ts'

const known = new WeakMap<Shape, readonly number[]>()

/**
 * Where the values stand that a query asks for by equality. Queries that differ in these ask for one row, or the rows of one
 * row, after another; those that differ in a limit, an offset or a bound go through pages.
 */
export function keySlots(chain: Chain): readonly number[] {
  const found = known.get(chain.shape)
  if (found) return found
  const state = chain.state()
  const made = conditionsOnRows(state).flatMap((node) => slotsOf(node, state.slots))
  known.set(chain.shape, made)
  return made
}

function slotsOf(node: Node, slots: QueryState['slots']): readonly number[] {
  if (node.kind === 'logic' && node.op === 'and') return node.parts.flatMap((part) => slotsOf(part, slots))
  if (node.kind === 'through') return node.key.flatMap((part) => slotOf(part, slots))
  return node.kind === 'compare' && node.op === '=' && node.left.kind === 'column' ? slotOf(node.right, slots) : []
}

function slotOf(node: Node, slots: QueryState['slots']): readonly number[] {
  const slot = node.kind === 'value' ? slots.get(node) : undefined
  return slot === undefined ? [] : [slot]
}
