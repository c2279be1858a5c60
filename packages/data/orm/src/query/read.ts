import type { Database, MaybePromise } from '@covet/db'
import { detection } from '../detect/detection.ts'
import { noticeQuery } from '../detect/detector.ts'
import type { Row } from '../hydrate/base-class.ts'
import { type Hydrate, hydratorOf } from '../hydrate/instances.ts'
import { loadInto } from '../loading/load.ts'
import type { Loading } from '../loading/loading.ts'
import { planLoading } from '../loading/plan.ts'
import { readColumns } from '../loading/related-from.ts'
import { chained } from '../maybe.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { numericColumns, outputsOf } from '../sql/outputs.ts'
import { openFrom, selectSql } from '../sql/select.ts'
import type { Chain } from './chain.ts'
import { planOf, readCompiled } from './run.ts'
import type { QueryState } from './state.ts'

/** How to read the rows of one shape from one engine. */
export interface ReadPlan extends Compiled {
  readonly hydrate: Hydrate
  /** What is loaded with the rows. */
  readonly loading: Loading | undefined
}

/** Reads the rows of a query as instances of its model. */
export function readInstances(chain: Chain, database: Database): MaybePromise<object[]> {
  const values = chain.values()
  if (detection.on) noticeQuery(chain, values)
  const plan = readPlanOf(chain, database, values)
  return chained(readCompiled(plan, values, chain, database), (rows) => loaded(plan, rows, values, chain, database))
}

/** The instances of some rows, with what is loaded with them. */
export function loaded(plan: ReadPlan, rows: Row[], values: readonly unknown[], chain: Chain, database: Database): MaybePromise<object[]> {
  const { loading, hydrate } = plan
  if (!loading) return hydrate(rows, database)
  // Hydration puts the instances in the place of the rows.
  const kept = loading.joined.length + loading.lists.length > 0 ? [...rows] : []
  const instances = hydrate(rows, database)
  return chained(
    loadInto(loading, instances, kept, { database, values, signal: chain.running.signal, cache: chain.running.cache }),
    () => instances,
  )
}

export function readPlanOf(chain: Chain, database: Database, values: readonly unknown[]): ReadPlan {
  return planOf('read', chain, database, values, (state, context) => compileRead(state, context, database))
}

function compileRead(state: QueryState, context: SqlContext, database: Database): ReadPlan {
  readColumns(state)
  const from = openFrom(state, context)
  const outputs = [...outputsOf(state, from, context)]
  const loading = planLoading(state.meta, state.with, { state, context, outputs })
  const statement = selectSql(state, from, outputs, context)
  return {
    ...compileSql(statement, context, database),
    ...numericColumns(outputs),
    hydrate: hydratorOf(state, database.dialect),
    loading,
  }
}
