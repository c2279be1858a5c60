import { InvalidQueryError } from '../errors.ts'
import type { Subquery } from '../expressions/node.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { compute } from './computed.ts'
import type { Op } from './op.ts'
import { type QueryState, restart } from './state.ts'

export type SetOperator = 'union' | 'union all' | 'intersect' | 'except'

/** What was asked for so far, combined with the rows of another query; what follows is about the outcome. */
export interface Combination {
  readonly operator: SetOperator
  readonly left: QueryState
  readonly right: Subquery
}

export function setOp(meta: ModelMeta, operator: SetOperator, right: Subquery, other: ModelMeta): Op {
  if (other.declaration !== meta.declaration)
    throw new InvalidQueryError(`${operator} combines queries of one model; these are of ${meta.name} and ${other.name}.`)
  return {
    token: `${operator} (${right.token})`,
    bounds: 'none',
    values: right.values,
    fold(state, base) {
      state.slots.set(right, base)
      const { selection } = state
      assertAlike(operator, selection, right.state().selection)
      // What follows is about the outcome: the conditions, the order and the bounds so far are the left side's.
      compute(state)
      const left = restart(state, selection ? { selection } : {})
      state.combined = { operator, left, right }
    },
  }
}

/** Engines match the columns of two queries by their place, whatever their names. */
function assertAlike(operator: SetOperator, left: QueryState['selection'], right: QueryState['selection']): void {
  const [own, other] = [left, right].map((selection) => selection?.map(({ name }) => name).join(', '))
  if (own !== other)
    throw new InvalidQueryError(
      `${operator} combines rows of the same columns in the same order; these have ${own ?? 'all columns'} and ${other ?? 'all columns'}.`,
    )
}
