import type { Database } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import type { Hydrate } from '../hydrate/instances.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { Chain } from '../query/chain.ts'
import type { Define } from './define.ts'
import type { InstanceKey, Keys } from './keys.ts'
import type { RowKey } from './unique-rows.ts'

/** What is loaded with the rows of a query: worked out once per shape and engine. */
export interface Loading {
  /** In the same statement. */
  readonly joined: readonly JoinedLoad[]
  /** In the same statement too, each owner's rows as one value. */
  readonly lists: readonly ListLoad[]
  /** By a statement of their own. */
  readonly batches: readonly BatchLoad[]
}

/** A to-one relation whose columns stand in the rows of its owners. */
export interface JoinedLoad {
  readonly define: Define
  readonly hydrate: Hydrate
  /** Where its columns begin, and how many there are. */
  readonly at: number
  readonly width: number
  readonly keyOf: RowKey
  readonly below: Loading
}

/** A relation whose rows stand in the row of their owner, as arrays of JSON. */
export interface ListLoad {
  readonly name: string
  readonly many: boolean
  readonly define: Define
  readonly hydrate: Hydrate
  /** Where the list stands. */
  readonly at: number
  /** How the values of its rows are told from their JSON, by position; undefined where they are as they should be. */
  readonly cells: readonly (((value: unknown) => unknown) | undefined)[]
  /** The list comes with the number of its rows. */
  readonly counted: boolean
  /** Of rows that belong to several owners: what makes them one. */
  readonly targetKey: RowKey | undefined
  readonly pivot: Pivot | undefined
  readonly below: Loading
}

/** The junction's own row, where it is a model. */
export interface Pivot {
  readonly at: number
  readonly width: number
  readonly hydrate: Hydrate
}

/** A relation whose rows are read for all owners at once. */
export interface BatchLoad {
  readonly name: string
  readonly many: boolean
  readonly define: Define
  /** Of a polymorphic relation one per kind, by the value of its type column. */
  readonly kinds: readonly KindLoad[]
  /** The value of the type column; undefined where there is one kind only. */
  readonly kindOf: ((owner: object) => unknown) | undefined
}

/** Rows of one model that a relation leads to. */
export interface KindLoad {
  readonly kind: string | undefined
  readonly relation: RelationMeta
  readonly target: ModelMeta
  readonly keys: Keys
  readonly ownerKey: InstanceKey
  /** The query of its rows, for all owners. @param values those of the query it is loaded with */
  readonly chain: (values: readonly unknown[]) => Chain
}

/** What is to be loaded with rows that were loaded. */
export interface Below {
  readonly loading: Loading
  readonly owners: readonly object[]
  /** Those the owners were made of. */
  readonly rows: readonly Row[]
  readonly run: LoadRun
}

/** Where loading happens. */
export interface LoadRun {
  readonly database: Database
  /** Those of the query. */
  readonly values: readonly unknown[]
  readonly signal: AbortSignal | undefined
  /** How long answers are cached, in milliseconds. */
  readonly cache?: number | undefined
}
