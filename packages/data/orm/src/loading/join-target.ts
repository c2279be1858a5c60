import type { Source } from '../expressions/source.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { QueryState } from '../query/state.ts'
import type { WithTree } from '../query/with-tree.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Output } from '../sql/outputs.ts'
import type { Eager } from './eager-parts.ts'
import type { Loading } from './loading.ts'

/** Where joins would be written; without it everything is read in batches. */
export interface JoinTarget {
  readonly state: QueryState
  readonly context: SqlContext
  /** The select list, to which the columns of joined relations are added. */
  readonly outputs: Output[]
  /** Relations whose rows come in the same statement as well. */
  readonly eager?: Eager | undefined
  /** The rows are part of a list themselves. */
  readonly isInside?: true
}

/** Plans what the rows of a source are loaded with. */
export type PlanLevel = (meta: ModelMeta, source: Source, tree: WithTree, join: JoinTarget | undefined) => Loading
