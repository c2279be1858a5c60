import { InvalidQueryError } from '../errors.ts'
import type { Subquery } from '../expressions/node.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'
import { emptyState, type QueryState } from './state.ts'

export type SetOperator = 'union' | 'union all' | 'intersect' | 'except'

/** What was asked for so far, combined with the rows of another query; what follows is about the outcome. */
export interface Combination {
  readonly operator: SetOperator
  readonly left: QueryState
  readonly right: Subquery
}

export function setOp(meta: ModelMeta, operator: SetOperator, right: Subquery, other: ModelMeta): Op {
  if (other.declaration !== meta.declaration) throw new InvalidQueryError(`${operator} combines queries of one model; these are of ${meta.name} and ${other.name}.`)
  return {
    token: `${operator} (${right.token})`,
    values: right.values,
    fold(state, base) {
      state.slots.set(right, base)
      const left = { ...state, where: [...state.where], having: [...state.having], annotations: [] }
      const fresh = emptyState(meta)
      Object.assign(state, { ...fresh, slots: state.slots, with: state.with, annotations: state.annotations, notes: state.notes, selection: state.selection, deleted: 'with', unscoped: true })
      state.combined = { operator, left, right }
    },
  }
}
