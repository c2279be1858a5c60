import type { Subquery } from './expression.ts'

/** What `where(path, operator, value)` takes, by operator. */
export interface Operators<V> {
  /** null is SQL NULL, in `!=` too. */
  '=': V
  '!=': V
  '>': NonNullable<V>
  '>=': NonNullable<V>
  '<': NonNullable<V>
  '<=': NonNullable<V>
  /** An empty list matches nothing; null in it matches SQL NULL. */
  in: readonly V[] | Subquery<V>
  /** An empty list matches everything. */
  'not in': readonly V[] | Subquery<V>
  /** Both ends included. */
  between: readonly [NonNullable<V>, NonNullable<V>]
  'is null': boolean
  /** The pattern as the engine reads it: `%` and `_` are wildcards. */
  like: string
  'not like': string
  /** Without regard to case. */
  ilike: string
  'not ilike': string
  /** The text as it is, its case included; no character is a wildcard. */
  contains: string
  startsWith: string
  endsWith: string
  /** The same without regard to case. */
  icontains: string
  istartsWith: string
  iendsWith: string
}

export type Operator = keyof Operators<unknown>
