import type { Database, MaybePromise } from '@covet/db'
import { rootOf } from '../expressions/source.ts'
import { type Hydrate, hydrator } from '../hydrate/instances.ts'
import { chained } from '../maybe.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { columnOutputs, selectSql } from '../sql/select.ts'
import type { Chain } from './chain.ts'
import { planOf, runCompiled } from './run.ts'
import type { QueryState } from './state.ts'

/** How to read the rows of one shape from one engine. */
export interface ReadPlan extends Compiled {
  readonly hydrate: Hydrate
}

/** Reads the rows of a query as instances of its model. */
export function readInstances(chain: Chain, database: Database): MaybePromise<object[]> {
  const values = chain.values()
  const plan = planOf('read', chain, database, values, (state, context) => compileRead(state, context, database))
  return chained(runCompiled(plan, values, chain, database), ({ rows }) => plan.hydrate(rows, database))
}

function compileRead(state: QueryState, context: SqlContext, database: Database): ReadPlan {
  const { meta } = state
  const from = context.from(rootOf(meta))
  const statement = selectSql(state, from, columnOutputs(from, meta.columns), context)
  return { ...compileSql(statement, database), hydrate: hydrator(meta, database.dialect) }
}
