import { nodesIn } from '../expressions/has-window.ts'
import type { Node } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'

const short: ReadonlySet<Node['kind']> = new Set(['column', 'value', 'number'])

/**
 * Whether operands are better written once, as the columns of a query of one row, than wherever a call needs them: where
 * one of them is longer than a name, and all mean the same inside of such a query.
 */
export function areMovable(nodes: readonly Node[], context: SqlContext): boolean {
  const isKnown = (node: Node): boolean => context.isComputed(node)
  if (nodes.every((node) => short.has(node.kind) || isKnown(node))) return false
  return nodes.every((node) => nodesIn(node, (part) => isKnown(part) || stays(part, context)).every(isKnown))
}

/**
 * A window would be over the one row. An aggregate is of the rows whose columns are in it, which SQLite finds around the
 * query unless windows are read there too; one without columns would count the one row. Of the user's own SQL nobody knows.
 */
function stays(node: Node, context: SqlContext): boolean {
  if (node.kind === 'aggregate') return node.over === undefined && (context.readsWindow || !hasColumn(node))
  return node.kind === 'window' || node.kind === 'raw' || node.kind === 'sql'
}

function hasColumn({ of, where }: Extract<Node, { kind: 'aggregate' }>): boolean {
  return [of, where].some((part) => part !== undefined && nodesIn(part, ({ kind }) => kind === 'column').length > 0)
}
