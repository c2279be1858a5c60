import { originalOf } from '../expressions/copy.ts'
import { hasWindow, nodesIn } from '../expressions/has-window.ts'
import type { Node } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { emptyState, type QueryState } from './state.ts'

/** The rows so far, with what was computed of them as further columns. */
export interface ComputedRows {
  readonly operator: 'computed'
  readonly left: QueryState
  readonly columns: readonly ComputedColumn[]
}

export interface ComputedColumn {
  readonly name: string
  readonly node: Node
}

/**
 * Where SQL takes an expression only as a column of the rows, makes it one: what is asked of a window can be a condition
 * on rows that have it, and PostgreSQL knows an expression with parameters as the one it groups by only by its name.
 */
export function compute(state: QueryState): void {
  const wanted = [...windowsOf(state), ...groupsOf(state)]
  if (wanted.length === 0) return
  const { meta, slots, scopes, where, unscoped, deleted, scope, combined } = state
  const names = namesOf(wanted, meta)
  const rows = { ...emptyState(meta), slots, scopes, where, unscoped, deleted }
  const left: QueryState = { ...rows, ...(scope && { scope }), ...(combined && { combined }) }
  delete state.scope
  Object.assign(state, { where: state.qualify, qualify: [], unscoped: false, deleted: 'with' } satisfies Partial<QueryState>)
  state.combined = { operator: 'computed', left, columns: [...names].map(([node, name]) => ({ name, node })) }
  state.computed = { source: rootOf(meta), names }
}

/** The conditions on the rows of the model, whatever is computed of them. */
export function conditionsOnRows({ where, combined }: QueryState): readonly Node[] {
  return combined?.operator === 'computed' ? combined.left.where : where
}

/** The windows of a query that asks something of one: all are over the rows from before that. */
function windowsOf({ qualify, annotations, selection = annotations, orderBy, having }: QueryState): readonly Node[] {
  const read = [...selection.map(({ node }) => node), ...orderBy.map(({ by }) => by), ...having]
  const isAsked = qualify.length > 0 || read.some(aggregatesWindow)
  return isAsked ? [...qualify, ...read].flatMap((node) => nodesIn(node, isWindow)) : []
}

/** What rows are grouped by that is not the same text at each place. */
function groupsOf({ groupBy = [] }: QueryState): readonly Node[] {
  return groupBy.filter((node) => nodesIn(node, ({ kind }) => distinctive.has(kind)).length > 0)
}

/** What is written otherwise each time, with a parameter of its own or a table's alias; and what is no group at all. */
const distinctive: ReadonlySet<Node['kind']> = new Set([
  'value',
  'in',
  'match',
  'sql',
  'json',
  'any',
  'aggregate',
  'exists',
  'inQuery',
  'subquery',
  'window',
])

/** One name for all copies of an expression, and none that a column has. */
function namesOf(nodes: readonly Node[], meta: ModelMeta): ReadonlyMap<Node, string> {
  const columns = new Set(meta.columns.map(({ column }) => column))
  const names = new Map<Node, string>()
  let next = 0
  for (const node of nodes.map((each) => originalOf(each))) {
    if (names.has(node)) continue
    while (columns.has(`computed${next}`)) next += 1
    names.set(node, `computed${next}`)
    next += 1
  }
  return names
}

function isWindow({ kind }: Node): boolean {
  return kind === 'window'
}

/** Whether an aggregate in it is over what a window gives each row. */
function aggregatesWindow(node: Node): boolean {
  return nodesIn(node, ({ kind }) => kind === 'aggregate').some(
    (found) => found.kind === 'aggregate' && [found.of, found.where].some((part) => part !== undefined && hasWindow(part)),
  )
}
