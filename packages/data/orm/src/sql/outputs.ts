import type { ValueType } from '../expressions/node.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { QueryState, Selected } from '../query/state.ts'
import { typedSql } from './call.ts'
import type { Compiled } from './compile.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import type { From } from './from.ts'

/** What a select list has at one position. */
export interface Output {
  readonly sql: Sql
  readonly type: ValueType
}

/** What a query's rows have, position by position: its selection, or the columns and what they are annotated with. */
export function outputsOf(state: QueryState, from: From, context: SqlContext): readonly Output[] {
  const selected = state.selection ?? state.annotations
  const expressions = selectedOutputs(state, selected, from, context)
  if (state.selection) return expressions
  return [...columnOutputs(from, state.columns ?? state.meta.columns), ...expressions]
}

/** What is selected, computed of the rows; combined rows hold it computed already. */
export function selectedOutputs(
  { combined }: QueryState,
  selected: readonly Selected[],
  from: From,
  context: SqlContext,
): readonly Output[] {
  const isComputed = combined?.left.selection === selected
  return selected.map(({ name, node, type }) => ({ sql: isComputed ? from.named(name) : typedSql(node, context), type }))
}

export function columnOutputs(from: From, columns: readonly ColumnMeta[]): readonly Output[] {
  return columns.map((column) => ({ sql: from.column(column), type: column.field }))
}

/** Which columns of the rows hold integers, and which of these are numbers to whoever reads them. */
export function numericColumns(outputs: readonly Output[]): NumericColumns {
  return { integerColumns: columnsAmong(integers, outputs), numberColumns: columnsAmong(numbers, outputs) }
}

export type NumericColumns = Required<Pick<Compiled, 'integerColumns' | 'numberColumns'>>

const numbers: ReadonlySet<string> = new Set(['id', 'int'])
const integers: ReadonlySet<string> = new Set(['id', 'bigid', 'int', 'bigint', 'decimal'])

function columnsAmong(types: ReadonlySet<string>, outputs: readonly Output[]): readonly number[] {
  return outputs.flatMap(({ type }, index) => (types.has(type.type) && !type.encrypted ? [index] : []))
}
