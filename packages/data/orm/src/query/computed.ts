import { originalOf } from '../expressions/copy.ts'
import { isDecimal } from '../expressions/decimals.ts'
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

/** The windows of a query that asks something of one, or computes with one over and over: all are over the rows from before that. */
function windowsOf(state: QueryState): readonly Node[] {
  const { qualify, annotations, selection = annotations, orderBy, having } = state
  const read = [...selection.map(({ node }) => node), ...orderBy.map(({ by }) => by), ...having]
  const isAsked =
    qualify.length > 0 || read.some(aggregatesWindow) || (mayNest(state) && read.some(chainsWindow) && !read.some(isOfAggregates))
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

/** Rows to be locked are those of the table itself. */
function mayNest({ groupBy, lock }: QueryState): boolean {
  return groupBy === undefined && lock === undefined
}

/** Whether SQLite would write a window again and again: each product of a chain needs what it multiplies several times. */
function chainsWindow(node: Node): boolean {
  return nodesIn(node, isDecimalCall).some(
    (call) => call.kind === 'call' && call.args.some((part) => nodesIn(part, isDecimalCall).some((inner) => hasWindow(inner))),
  )
}

function isDecimalCall(node: Node): boolean {
  return node.kind === 'call' && isDecimal(node.type) && (node.name === '*' || node.name === '/' || node.name === 'round')
}

/** Whether it aggregates all rows, or is a window over what does: there is one row then. */
function isOfAggregates(node: Node): boolean {
  return nodesIn(node, ({ kind }) => kind === 'aggregate' || kind === 'window').some((found) => {
    if (found.kind !== 'window') return found.kind === 'aggregate' && found.over === undefined
    const { of, window } = found
    const inner = of.kind === 'aggregate' ? [of.of, of.where] : [of]
    const parts = [...inner, ...window.partitionBy, ...window.orderBy.map(({ by }) => by)]
    return parts.some((part) => part !== undefined && isOfAggregates(part))
  })
}
