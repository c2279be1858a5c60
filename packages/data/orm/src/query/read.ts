import type { Database, MaybePromise } from '@covet/db'
import { type Hydrate, hydratorOf } from '../hydrate/instances.ts'
import { chained } from '../maybe.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { outputsOf } from '../sql/outputs.ts'
import { openFrom, selectSql } from '../sql/select.ts'
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
  const plan = readPlanOf(chain, database, values)
  return chained(runCompiled(plan, values, chain, database), ({ rows }) => plan.hydrate(rows, database))
}

export function readPlanOf(chain: Chain, database: Database, values: readonly unknown[]): ReadPlan {
  return planOf('read', chain, database, values, (state, context) => compileRead(state, context, database))
}

function compileRead(state: QueryState, context: SqlContext, database: Database): ReadPlan {
  const from = openFrom(state, context)
  const statement = selectSql(state, from, outputsOf(state, from, context), context)
  return { ...compileSql(statement, database), hydrate: hydratorOf(state, database.dialect) }
}
