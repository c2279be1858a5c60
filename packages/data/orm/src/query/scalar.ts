import { sql } from 'kysely'
import type { Database, MaybePromise } from '@covet/db'
import { detection } from '../detect/detection.ts'
import { noticeQuery } from '../detect/detector.ts'
import { chained } from '../maybe.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { columnOutputs, outputsOf } from '../sql/outputs.ts'
import { openFrom, selectSql } from '../sql/select.ts'
import type { Chain } from './chain.ts'
import { planOf, readCompiled } from './run.ts'
import { isBounded, type QueryState } from './state.ts'

/** How many rows the query has; its order and what it loads are of no account. */
export function readCount(chain: Chain, database: Database): MaybePromise<number> {
  const values = chain.values()
  if (detection.on) noticeQuery(chain, values)
  const plan = planOf('count', chain, database, values, (state, context) => compileCount(state, context, database))
  return chained(readCompiled(plan, values, chain, database), (rows) => Number(rows[0]?.[0] ?? 0))
}

/** How many groups a grouped query has. */
export function readGroupCount(chain: Chain, database: Database): MaybePromise<number> {
  const values = chain.values()
  if (detection.on) noticeQuery(chain, values)
  const plan = planOf('count groups', chain, database, values, (state, context) => {
    const from = openFrom(state, context)
    const named = outputsOf(state, from, context).map((output, index) => ({ ...output, sql: sql`${output.sql} as ${sql.id(`c${index}`)}` }))
    return compileSql(sql`select count(*) from (${selectSql(state, from, named, context)}) as counted`, context, database)
  })
  return chained(readCompiled(plan, values, chain, database), (rows) => Number(rows[0]?.[0] ?? 0))
}

/** Whether it has any. */
export function readExists(chain: Chain, database: Database): MaybePromise<boolean> {
  const values = chain.values()
  if (detection.on) noticeQuery(chain, values)
  const plan = planOf('exists', chain, database, values, (state, context) => compileExists(state, context, database))
  return chained(readCompiled(plan, values, chain, database), (rows) => rows.length > 0)
}

function compileCount(state: QueryState, context: SqlContext, database: Database): Compiled {
  const from = openFrom(state, context)
  // PostgreSQL locks no rows in the query that aggregates them, but those of a query inside of it.
  if (!isBounded(state) && !state.distinct && !state.lock)
    return compileSql(selectSql({ ...state, orderBy: [] }, from, [{ sql: sql`count(*)`, type: integer }], context), context, database)
  const counted = state.selection ? outputsOf(state, from, context) : columnOutputs(from, state.meta.primaryKey)
  const named = counted.map((output, index) => ({ ...output, sql: sql`${output.sql} as ${sql.id(`c${index}`)}` }))
  const inner = selectSql(state, from, named, context)
  return compileSql(sql`select count(*) from (${inner}) as counted`, context, database)
}

function compileExists(state: QueryState, context: SqlContext, database: Database): Compiled {
  const from = openFrom(state, context)
  const inner = { ...state, orderBy: [], distinct: false }
  const one = [{ sql: sql.lit(1), type: integer }]
  if (isBounded(state)) return compileSql(selectSql({ ...inner, orderBy: state.orderBy }, from, one, context), context, database)
  return compileSql(selectSql(inner, from, one, context, sql` limit 1`), context, database)
}

const integer = { type: 'int', nullable: false } as const
