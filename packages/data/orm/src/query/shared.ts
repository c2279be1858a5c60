import { InvalidQueryError } from '../errors.ts'
import { hasWindow } from '../expressions/has-window.ts'
import type { Chain } from './chain.ts'
import { compute } from './computed.ts'
import type { Op } from './op.ts'
import { isBounded, type QueryState, restart } from './state.ts'

/** What was asked for so far, under a name of its own in the statement; what follows is about its rows. */
export interface SharedRows {
  readonly operator: 'shared'
  readonly left: QueryState
  /** Where its identity stands among the values. */
  readonly slot: number
}

/**
 * Recognises one shared query wherever it is used. It is a value: which uses are of one query is no structure, since the
 * same code makes a new one each time it runs.
 */
class Identity {}

/** Whatever shape has it may have uses of one query. */
const sharedToken = 'shared()'

export function sharedOp({ meta, running }: Chain): Op {
  if (running.locks)
    throw new InvalidQueryError(
      `shared() names the rows of ${meta.name} for several uses in one statement, which cannot lock them: leave lock() out.`,
    )
  return {
    token: sharedToken,
    bounds: 'none',
    values: [new Identity()],
    fold(state, base) {
      assertRepeatable(state)
      compute(state)
      const { selection, columns } = state
      const left = restart(state, { ...(selection && { selection }), ...(columns && { columns }) })
      // An order alone is none of the rows that are read from there.
      if (!isBounded(left)) left.orderBy = []
      state.combined = { operator: 'shared', left, slot: base }
    },
  }
}

/** A window is over the rows of the query it was written in, which those that are read later are not. */
function assertRepeatable({ meta, annotations }: QueryState): void {
  const odd = annotations.find(({ node }) => hasWindow(node))
  if (odd)
    throw new InvalidQueryError(
      `'${odd.name}' of ${meta.name} is computed over a window, which shared() does not keep: annotate the query that shared() returns.`,
    )
}

/** Whether queries of this structure may be made of shared ones; text of the user's own may look like it. */
export function mayShare(token: string): boolean {
  return token.includes(sharedToken)
}

/** Which uses are of one query: a number by the place of each. */
export function usesOf(values: readonly unknown[]): ReadonlyMap<number, number> {
  const known = new Map<unknown, number>()
  const uses = new Map<number, number>()
  for (const [slot, value] of values.entries()) {
    if (!(value instanceof Identity)) continue
    const use = known.get(value) ?? known.size
    known.set(value, use)
    uses.set(slot, use)
  }
  return uses
}
