import type { Node } from './node.ts'

/** What is no expression of the same rows: the models, and queries of their own. */
const elsewhere: ReadonlySet<string> = new Set([
  'source',
  'over',
  'column',
  'junction',
  'foreign',
  'type',
  'types',
  'input',
  'query',
  'from',
  'sql',
])

/** Whether a window is anywhere in an expression. */
export function hasWindow(node: Node): boolean {
  return nodesIn(node, ({ kind }) => kind === 'window').length > 0
}

/** The outermost expressions of a kind in one over the query's own rows. */
export function nodesIn(node: Node, isWanted: (node: Node) => boolean): readonly Node[] {
  if (isWanted(node)) return [node]
  return isOfRelation(node) ? [] : Object.entries(node).flatMap(([name, member]) => (elsewhere.has(name) ? [] : within(member, isWanted)))
}

function within(member: unknown, isWanted: (node: Node) => boolean): readonly Node[] {
  if (typeof member !== 'object' || member === null) return []
  if ('kind' in member) return nodesIn(member as Node, isWanted)
  return Object.values(member).flatMap((part) => within(part, isWanted))
}

/** Of rows of a relation, asked in a query of their own. */
function isOfRelation(node: Node): boolean {
  return node.kind === 'any' || (node.kind === 'aggregate' && node.over !== undefined)
}
