import type { Node } from './node.ts'

/** What is no expression of the same rows: the models, and queries of their own. */
const elsewhere: ReadonlySet<string> = new Set(['source', 'over', 'column', 'junction', 'foreign', 'type', 'input', 'query', 'from', 'sql'])

/** Whether a window is anywhere in an expression. */
export function hasWindow(node: Node): boolean {
  return node.kind === 'window' || isWithin(node)
}

function isWithin(value: object): boolean {
  return Object.entries(value).some(([name, member]: [string, unknown]) => {
    if (elsewhere.has(name) || typeof member !== 'object' || member === null) return false
    return ('kind' in member && member.kind === 'window') || isWithin(member)
  })
}
