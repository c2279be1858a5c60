import { InvalidQueryError } from '../errors.ts'
import type { Node, Subquery } from '../expressions/node.ts'
import { isSubquery } from '../expressions/subquery.ts'
import { rootOf } from '../expressions/source.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'
import type { Query } from './query.ts'

export interface RecursiveOptions {
  readonly from: (query: Query) => unknown
  readonly via: unknown
  readonly depth?: unknown
}

/** A condition: the row is one of those `from` gives, or the relation leads to it from there in any number of steps. */
export function recursiveOp(meta: ModelMeta, from: unknown, { via, depth }: RecursiveOptions): Op {
  if (!isSubquery(from))
    throw new InvalidQueryError('The function given to recursive() as `from` must return the query it is given, with conditions.')
  if (depth !== undefined && (typeof depth !== 'number' || !Number.isSafeInteger(depth) || depth < 0))
    throw new InvalidQueryError('The depth of recursive() is a whole number, 0 or more.')
  const source = rootOf(meta).child(String(via))
  if (source.meta.declaration !== meta.declaration)
    throw new InvalidQueryError(`recursive() follows a relation of ${meta.name} to itself; '${String(via)}' leads to ${source.meta.name}.`)
  const query: Subquery = from.asSubquery()
  const node: Node = { kind: 'recursive', source, from: query, depth }
  return {
    token: `recursive ${source.key} ${depth ?? ''}(${query.token})`,
    values: query.values,
    scoped: source.scoped,
    fold(state, base) {
      state.slots.set(query, base)
      state.where = [...state.where, node]
    },
  }
}
