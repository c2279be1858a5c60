import type { ModelMeta } from '../meta/model-meta.ts'
import type { QueryState } from './state.ts'

/** One call of a chain: its structure, its values, and what it does to the state when the shape is compiled. */
export interface Op {
  /** Two calls with the same token differ in their values alone. */
  readonly token: string
  /**
   * The token in parts that are the same strings each time, where it would be put together anew for every call: a text
   * that was just made has to be hashed before it can be looked up.
   */
  readonly steps?: readonly string[]
  /** What of the two it is; 'none' where those so far are inside of what it begins. */
  readonly bounds?: 'limit' | 'offset' | 'none'
  readonly values: readonly unknown[]
  /** The models with a scope whose rows it reaches by relations. */
  readonly scoped?: ReadonlySet<ModelMeta> | undefined
  /** @param base where the first of the values stands among the query's */
  fold(state: QueryState, base: number): void
}

export const noValues: readonly unknown[] = []
