import type { Database } from '@covet/db'
import type { Chain } from './chain.ts'
import { readPlanOf } from './read.ts'

/** What would be sent for a query. */
export function statementOf(chain: Chain, database: Database): { text: string; params: unknown[] } {
  const values = chain.values()
  const { text, bind } = readPlanOf(chain, database, values)
  return { text, params: [...bind(values)] }
}
