import type { LazyMode } from '../types/model-function.ts'
import type { Shape } from '../types/shape.ts'

export interface ModelOptions {
  /** Properties of the primary key, where it is not one field marked as such. */
  readonly primary?: readonly string[]
  /** Unique constraints over several properties. */
  readonly unique?: readonly (readonly string[])[]
  /** Indexes over several properties. */
  readonly index?: readonly (readonly string[])[]
  /** How `load` on one of several instances behaves. @default 'peers' */
  readonly lazy?: LazyMode
  /** Which conditions every query of the model gets. @default none */
  readonly scope?: (columns: never) => unknown
  /** Caches every query of the model that long. @default none */
  readonly cache?: { readonly ttl: number | string }
}

/** What `Model(table, shape, options)` was called with. */
export interface Declaration {
  readonly table: string
  readonly shape: Shape
  readonly options: ModelOptions
}
