import type { IsToOne } from './kinds.ts'
import type { Column } from './column.ts'
import type { Expr } from './expression.ts'
import type { ColumnKey, Columns, KindOf, OutOf, PathKey, TargetShape } from './shape.ts'
import type { ColumnKind } from '../fields/types.ts'

/** A column of a model, in a callback. */
export type Col<C> = Column<OutOf<C>, KindOf<C>>

/** The model's own columns. */
export type OwnCols<S> = { readonly [K in ColumnKey<S>]: Col<Columns<S>[K]> }

/** What a callback gets: the model's columns, and through its relations those of others. */
export type Cols<S> = OwnCols<S> & { readonly [K in PathKey<S>]: Related<S[K]> }

type Related<R> = R extends IsToOne ? Cols<TargetShape<R>> : Many<TargetShape<R>>

/** The rows of a to-many relation: asked about all together, as they have no single value. Each is a subquery of its own. */
export type Many<S> = Quantifiers<S> & ManyColumns<S>

type ManyColumns<S> = {
  readonly [K in Exclude<ColumnKey<S>, keyof Quantifiers<unknown>>]: ManyColumn<OutOf<Columns<S>[K]>, KindOf<Columns<S>[K]>>
} & {
  readonly [K in Exclude<PathKey<S>, keyof Quantifiers<unknown>>]: S[K] extends IsToOne
    ? ManyColumns<TargetShape<S[K]>>
    : Many<TargetShape<S[K]>>
}

export interface Quantifiers<S> {
  /** How many rows there are, or satisfy the condition. */
  count(condition?: (row: Cols<S>) => Expr): Column<number>
  /** Whether there is a row, or one that satisfies the condition. */
  any(condition?: (row: Cols<S>) => Expr): Expr
  /** Whether every row satisfies the condition; true where there is none. */
  all(condition: (row: Cols<S>) => Expr): Expr
  /** Whether there is no row, or none that satisfies the condition. */
  none(condition?: (row: Cols<S>) => Expr): Expr
}

type Sum<V, K> = K extends 'number' | 'bigint' | 'decimal' ? V | null : never
type Average<K> = K extends 'number' ? number | null : K extends 'bigint' | 'decimal' ? string | null : never
type AverageKind<K> = K extends 'number' ? 'number' : 'decimal'

/** A column of many rows: what it comes to over all of them, null over none. */
export interface ManyColumn<V, K extends ColumnKind> {
  count(): Column<number>
  countDistinct(): Column<number>
  sum(): Column<Sum<V, K>, K>
  avg(): Column<Average<K>, AverageKind<K>>
  min(): Column<V | null, K>
  max(): Column<V | null, K>
}
