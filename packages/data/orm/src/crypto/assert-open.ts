import type { Node } from '../expressions/node.ts'
import type { QueryState } from '../query/state.ts'
import { EncryptedFieldError } from './errors.ts'

/** @throws {EncryptedFieldError} for a column whose values no engine can compare */
export function assertOpen(of: Node, where: string): void {
  if (isSealed(of)) throw new EncryptedFieldError(where)
}

/** Of an expression that is no column nothing is said: what it is made of was looked at when its structure was written. */
export function isSealed(of: Node): of is Extract<Node, { kind: 'column' }> {
  return of.kind === 'column' && of.column.field.encrypted === true
}

/**
 * What a query reads where the engine compares it: rows that are to differ, values of a subquery.
 * @throws {EncryptedFieldError}
 */
export function assertSelectionOpen({ meta, selection = [] }: QueryState, where: string): void {
  for (const { name, node } of selection) assertOpen(node, `'${name}' of ${meta.name} in ${where}`)
}
