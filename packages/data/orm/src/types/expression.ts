import type { ColumnKind } from '../fields/types.ts'
import type { COLUMN, LEVEL, VALUE } from './symbols.ts'

/** What an expression is computed over: one row, all rows of a group, or the rows around one. */
export type Level = 'row' | 'aggregate' | 'window'

/** A SQL expression and the type of its value. A level of never fits everywhere. */
export interface Expression<V, L extends Level = Level> {
  readonly [VALUE]: V
  readonly [LEVEL]: L
}

/** A condition. */
export interface Expr<L extends Level = 'row'> extends Expression<boolean, L> {
  and(other: Expr<L>): Expr<L>
  or(other: Expr<L>): Expr<L>
  not(): Expr<L>
}

/** A query that selects one column, as a value: `in(Post.where('draft', true).select('id'))`. */
export interface Subquery<V> {
  readonly [COLUMN]: V
}

/** What stands beside an expression of type V: a value, or another expression. */
export type Operand<V, L extends Level = Level> = V | Expression<V | null, L>

/** The kind of a value by its type alone. */
export type KindOfValue<V> =
  NonNullable<V> extends boolean
    ? 'bool'
    : NonNullable<V> extends number
      ? 'number'
      : NonNullable<V> extends bigint
        ? 'bigint'
        : NonNullable<V> extends string
          ? 'text'
          : NonNullable<V> extends Date
            ? 'datetime'
            : NonNullable<V> extends Uint8Array
              ? 'bytes'
              : Extract<ColumnKind, 'json'>

/** The values of several named expressions, as one row. */
export type Values<A> = { -readonly [K in keyof A]: A[K] extends { readonly [VALUE]: infer V } ? V : never }

/** Named expressions, as callbacks return them. */
export type Named<L extends Level> = Readonly<Record<string, Expression<unknown, L>>>

export type Direction = 'asc' | 'desc'

export interface OrderOptions {
  /** Where rows without a value go, on every engine. @default 'last' */
  readonly nulls?: 'first' | 'last'
}

/** An expression with the direction rows are ordered by it. */
export interface Ordering<L extends Level = Level> {
  readonly direction: Direction
  readonly nulls: 'first' | 'last'
  readonly [LEVEL]: L
}

/** Where a window begins or ends, seen from the current row. */
export type FrameBound = 'unbounded preceding' | `${number} preceding` | 'current row' | `${number} following` | 'unbounded following'

/** The rows a window function sees. */
export interface WindowSpec {
  readonly partitionBy?: Expression<unknown, 'row'> | readonly Expression<unknown, 'row'>[]
  readonly orderBy?: Expression<unknown, 'row'> | Ordering<'row'> | readonly (Expression<unknown, 'row'> | Ordering<'row'>)[]
  /** @default from the first row of the partition to the current one and its equals */
  readonly frame?: { readonly unit: 'rows' | 'range' | 'groups'; readonly from: FrameBound; readonly to: FrameBound }
}
