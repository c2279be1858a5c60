import type { Node } from '../expressions/node.ts'
import type { QueryState } from '../query/state.ts'
import type { SetOperator } from '../query/set-operation.ts'
import { EncryptedFieldError } from './errors.ts'

const bareCall = /^\w+\(\)$/

/**
 * @param where which column of what, or the call alone
 * @throws {EncryptedFieldError} for a column whose values no engine can compare
 */
export function assertOpen(of: Node, where: string): void {
  if (!isSealed(of)) return
  const { source, column } = of
  throw new EncryptedFieldError(bareCall.test(where) ? `${source.meta.name}.${column.property} in ${where}` : where)
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

/**
 * Two queries that are combined. Only `union all` compares no rows, and its columns are matched by place: an encrypted one
 * has to be the same on both sides, under its own name, or its stored text would come out as another column's value.
 * @throws {EncryptedFieldError}
 */
export function assertCombinable(operator: SetOperator, left: QueryState, right: QueryState): void {
  const where = `${operator}()`
  if (operator !== 'union all') for (const part of [left, right]) assertSelectionOpen(part, where)
  const places = [left, right].map(({ meta, selection = [] }) =>
    selection.map(({ name, node }) => {
      if (isSealed(node) && node.column !== meta.findColumn(name)) assertOpen(node, `'${name}' of ${meta.name} in ${where}`)
      return isSealed(node) ? name : ''
    }),
  )
  const [own = [], other = []] = places
  const odd = own.findIndex((name, index) => name !== other[index])
  if (odd >= 0 && left.selection && right.selection)
    throw new EncryptedFieldError(`'${own[odd] || other[odd]}' of ${left.meta.name} in ${where}`)
}
