import type { QueryState } from '../query/state.ts'
import type { SqlContext } from './context.ts'
import type { From } from './from.ts'
import { columnOutputs, type Output, selectedOutputs } from './select.ts'

/** What a query's rows have, position by position: its selection, or the columns and what they are annotated with. */
export function outputsOf(state: QueryState, from: From, context: SqlContext): readonly Output[] {
  const selected = state.selection ?? state.annotations
  const expressions = selectedOutputs(state, selected, from, context)
  if (state.selection) return expressions
  return [...columnOutputs(from, state.columns ?? state.meta.columns), ...expressions]
}

const integers: ReadonlySet<string> = new Set(['id', 'bigid', 'int', 'bigint', 'decimal'])

/** Which columns of the rows may hold integers. */
export function integerColumnsOf(outputs: readonly Output[]): readonly number[] {
  return outputs.flatMap(({ type }, index) => (integers.has(type.type) && !type.encrypted ? [index] : []))
}
