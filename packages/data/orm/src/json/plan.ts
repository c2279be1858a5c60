import type { Database } from '@covet/db'
import type { Chain } from '../query/chain.ts'
import { planOf } from '../query/run.ts'
import type { QueryState } from '../query/state.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { outputsOf } from '../sql/outputs.ts'
import { openFrom, selectSql } from '../sql/select.ts'
import { type JsonColumn, modelColumns, selectedColumns } from './columns.ts'
import { assertVisible } from './hidden.ts'
import { printsItsRow } from './plain-instances.ts'

/** How the rows of one shape become JSON without objects. */
export interface JsonPlan extends Compiled {
  readonly columns: readonly JsonColumn[]
}

/** Undefined for a query whose JSON is that of its instances: with relations, annotations, or a class that prints itself. */
export function jsonPlanOf(chain: Chain, database: Database, values: readonly unknown[]): JsonPlan | undefined {
  return planOf('json', chain, database, values, (state, context) => ({ plan: compileJson(state, context, database) })).plan
}

function compileJson(state: QueryState, context: SqlContext, database: Database): JsonPlan | undefined {
  if (state.selection) assertVisible(state)
  const columns = state.selection ? selectedColumns(state.selection, database.dialect) : instanceColumns(state, database.dialect)
  if (columns === undefined || columns.every(({ hidden }) => hidden)) return undefined
  const from = openFrom(state, context)
  return { ...compileSql(selectSql(state, from, outputsOf(state, from, context), context), context, database), columns }
}

function instanceColumns(state: QueryState, dialect: string): readonly JsonColumn[] | undefined {
  const { meta, annotations } = state
  if (state.with.size > 0 || annotations.length > 0 || !printsItsRow(meta)) return undefined
  const read = state.columns ?? meta.columns
  // What is not written need not leave the database, unless rows are to differ in it.
  state.columns = meta.columns.filter((column) => read.includes(column) && (state.distinct || column.field.hidden !== true))
  return modelColumns(state.columns, dialect)
}
