import type { Database, MaybePromise } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { chained } from '../maybe.ts'
import type { Chain } from './chain.ts'
import { plainOp } from './ops.ts'
import { namedOf, selectOp } from './select-ops.ts'
import { type PlainRow, readPlain } from './selection.ts'

/** One row of values over all rows of the query. */
export function readAggregate(chain: Chain, make: unknown, database: Database): MaybePromise<PlainRow> {
  if (typeof make !== 'function') throw new InvalidQueryError('aggregate() takes a function: aggregate(c => ({ total: c.views.sum() })).')
  if (chain.isBounded)
    throw new InvalidQueryError(`aggregate() is over all rows of ${chain.meta.name} that match: leave limit() and offset() out.`)
  const selected = namedOf(chain, make as (columns: never) => unknown, 'aggregate()')
  const whole = chain
    .add(
      plainOp('aggregate', (state) => {
        state.orderBy = []
      }),
    )
    .add(selectOp(selected))
  return chained(readPlain(whole, database), ([row = {}]) => row)
}
