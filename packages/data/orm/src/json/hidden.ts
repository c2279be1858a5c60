import { InvalidQueryError } from '../errors.ts'
import type { Node } from '../expressions/node.ts'
import type { QueryState } from '../query/state.ts'

/**
 * Plain rows have what was selected, but JSON goes to clients.
 * @throws {InvalidQueryError} for a hidden column, or a value made of one, in the query or in those whose rows it reads
 */
export function assertVisible({ meta, selection = [], combined }: QueryState): void {
  for (const { name, node } of selection) {
    if (tellsHidden(node))
      throw new InvalidQueryError(
        `'${name}' of ${meta.name} is hidden, or made of what is, so JSON for clients cannot have it. Leave it out of select(), or await the rows instead of json().`,
      )
  }
  if (!combined) return
  assertVisible(combined.left)
  if ('right' in combined) assertVisible(combined.right.state())
}

/** Whether a value of the expression is, or is made of, one of a hidden column. Conditions only tell that they hold. */
function tellsHidden(node: Node): boolean {
  switch (node.kind) {
    case 'column':
      return node.column.field.hidden === true
    case 'call':
      return node.args.some(tellsHidden)
    case 'raw':
      return node.parts.some(tellsHidden)
    case 'json':
    case 'window':
      return tellsHidden(node.of)
    case 'aggregate':
      return node.fn !== 'count' && node.of !== undefined && tellsHidden(node.of)
    case 'case':
      return [...node.branches.map(({ value }) => value), ...(node.otherwise ? [node.otherwise] : [])].some(tellsHidden)
    case 'subquery':
      return (node.query.state().selection ?? []).some((selected) => tellsHidden(selected.node))
    default:
      return false
  }
}
