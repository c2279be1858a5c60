import type { Database, MaybePromise } from '@covet/db'
import { tablesUpdatedWith } from '../cache/written-tables.ts'
import { chained } from '../maybe.ts'
import type { Chain } from '../query/chain.ts'
import { writeCompiled } from '../query/run.ts'
import type { Compiled } from '../sql/compile.ts'
import type { Assignment } from './assignments.ts'

/** Runs an UPDATE of a query. @param written what it sets @returns how many rows it changed */
export function sendUpdate(
  plan: Compiled,
  values: readonly unknown[],
  chain: Chain,
  written: readonly Pick<Assignment, 'column'>[],
  database: Database,
): MaybePromise<number> {
  return chained(
    writeCompiled(plan, values, chain, database, () => tablesUpdatedWith(chain.meta, written, database)),
    changesOf,
  )
}

function changesOf({ changes }: { readonly changes: number }): number {
  return changes
}
