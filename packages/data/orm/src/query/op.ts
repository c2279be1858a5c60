import type { QueryState } from './state.ts'

/** One call of a chain: its structure, its values, and what it does to the state when the shape is compiled. */
export interface Op {
  /** Two calls with the same token differ in their values alone. */
  readonly token: string
  readonly values: readonly unknown[]
  /** @param base where the first of the values stands among the query's */
  fold(state: QueryState, base: number): void
}

export const noValues: readonly unknown[] = []
