import type { Subquery } from './node.ts'

const marker: unique symbol = Symbol('subquery')

/** What can stand where a subquery is meant: a query that selects one column. */
export interface SubquerySource {
  readonly [marker]: true
  asSubquery(): Subquery
}

export const subqueryMarker: typeof marker = marker

export function isSubquery(value: unknown): value is SubquerySource {
  return typeof value === 'object' && value !== null && marker in value
}
