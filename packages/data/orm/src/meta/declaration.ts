import type { FieldDefinition } from '../fields/definition.ts'
import type { RelationDefinition, RelationKind } from '../relations/definition.ts'

/** What stands in a model's shape, as far as the run time reads it. */
export type Member =
  | { readonly kind: 'field'; readonly definition: FieldDefinition }
  | { readonly kind: RelationKind; readonly definition: RelationDefinition }

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

/** `peers`: loads for all instances of the same result; `one`: for this one; `raise`: refuses. */
export type LazyMode = 'peers' | 'one' | 'raise'

/** What `Model(table, shape, options)` was called with. */
export interface Declaration {
  readonly table: string
  readonly shape: Readonly<Record<string, Member>>
  readonly options: ModelOptions
}
