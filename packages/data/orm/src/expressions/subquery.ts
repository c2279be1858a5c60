import type { Subquery } from './node.ts'

/** What can stand where a subquery is meant: a query that selects one column. */
export interface SubquerySource {
  asSubquery(): Subquery
}

/** Data from outside can have the member, never the function. */
export function isSubquery(value: unknown): value is SubquerySource {
  return typeof value === 'object' && value !== null && 'asSubquery' in value && typeof value.asSubquery === 'function'
}
