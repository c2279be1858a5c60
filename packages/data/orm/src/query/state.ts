import type { Node, Ordering, ValueType } from '../expressions/node.ts'
import type { Source } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { LockOptions } from '../sql/dialect.ts'
import type { ComputedRows } from './computed.ts'
import type { Combination } from './set-operation.ts'
import type { SharedRows } from './shared.ts'
import type { WithTree } from './with-tree.ts'

/** A named expression beside or instead of the columns. */
export interface Selected {
  readonly name: string
  readonly node: Node
  readonly type: ValueType
}

/** What the calls of a chain add up to. Made once per shape, when it is compiled: it holds no values, only their slots. */
export interface QueryState {
  readonly meta: ModelMeta
  /** Where the values of each expression stand among the query's. */
  readonly slots: Map<object, number>
  /** The conditions of the models with a scope that are reached by relations; undefined inside of that scope itself. */
  readonly scopes: Map<ModelMeta, Node | undefined>
  where: Node[]
  /** Conditions on what windows give each of the rows that satisfy the others. */
  qualify: Node[]
  orderBy: Ordering[]
  /** Slots. */
  limit?: number
  offset?: number
  distinct: boolean
  readonly with: WithTree
  /** The columns to read, of `only` and `defer`; all without. */
  columns?: readonly ColumnMeta[]
  /** The version, where it is among the columns for writing alone. */
  unasked?: ColumnMeta
  annotations: Selected[]
  /** Plain rows of these instead of instances. */
  selection?: readonly Selected[]
  groupBy?: readonly Node[]
  having: Node[]
  lock?: LockOptions
  /** The rows come from two queries, a shared one, or one that computes more of them, instead of the table. */
  combined?: Combination | SharedRows | ComputedRows
  /** What stands in those rows already, under which name. */
  computed?: { readonly source: Source; readonly names: ReadonlyMap<Node, string> }
  /** Rows with the mark of a soft delete. */
  deleted: 'without' | 'with' | 'only'
  /** The model's own condition. */
  scope?: Node
  unscoped: boolean
  unfiltered: boolean
  /** What is not SQL's: kept for the parts that look for it. */
  readonly notes: Map<string, unknown>
}

/** Whether there is a limit or an offset. */
export function isBounded({ limit, offset }: QueryState): boolean {
  return limit !== undefined || offset !== undefined
}

/** Begins a query about the rows of the one so far. @param kept what holds for it too @returns the one so far */
export function restart(state: QueryState, kept: Partial<QueryState>): QueryState {
  const { meta, slots, scopes, with: loads, annotations, notes } = state
  const inner = { ...state, annotations: [] }
  for (const key of ['limit', 'offset', 'columns', 'selection', 'groupBy', 'lock', 'scope', 'computed'] as const) delete state[key]
  Object.assign(state, emptyState(meta), { slots, scopes, with: loads, annotations, notes, deleted: 'with', ...kept })
  return inner
}

export function emptyState(meta: ModelMeta): QueryState {
  return {
    meta,
    slots: new Map(),
    scopes: new Map(),
    where: [],
    qualify: [],
    orderBy: [],
    distinct: false,
    with: new Map(),
    annotations: [],
    having: [],
    deleted: 'without',
    unscoped: false,
    unfiltered: false,
    notes: new Map(),
  }
}
