import type { IsToOne } from './kinds.ts'
import type { Column, Numbers } from './column.ts'
import type { Expr } from './expression.ts'
import type { Absence, ColumnKey, Columns, KindOf, OutOf, PathKey, TargetShape } from './shape.ts'
import type { ColumnKind } from '../fields/types.ts'

/** A column of a model, in a callback. `Missing` is null where there may be no row to have it. */
export type Col<C, Missing = never> = Column<OutOf<C> | Missing, KindOf<C>>

/** The model's own columns. */
export type OwnCols<S, Missing = never> = { readonly [K in ColumnKey<S>]: Col<Columns<S>[K], Missing> }

/** What a callback gets: the model's columns, and through its relations those of others. */
export type Cols<S, Missing = never> = OwnCols<S, Missing> & { readonly [K in PathKey<S>]: Related<S[K], Missing> }

type Related<R, Missing> = R extends IsToOne ? Cols<TargetShape<R>, Missing | Absence<R>> : Many<TargetShape<R>>

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

/** A column of many rows: what it comes to over all of them, null over none. */
export type ManyColumn<V, K extends ColumnKind> = ManyByKind<V>[K]

interface ManyByKind<V> {
  number: ManyNumbers<V, 'number'>
  bigint: ManyNumbers<V, 'bigint'>
  decimal: ManyNumbers<V, 'decimal'>
  text: ManySorted<V, 'text'>
  datetime: ManySorted<V, 'datetime'>
  date: ManySorted<V, 'date'>
  time: ManySorted<V, 'time'>
  uuid: ManyCompared
  bool: ManyCompared
  bytes: ManyCompared
  json: ManyValues
  sealed: ManyValues
}

interface ManyValues {
  count(): Column<number>
}

interface ManyCompared extends ManyValues {
  countDistinct(): Column<number>
}

interface ManySorted<V, K extends ColumnKind> extends ManyCompared {
  min(): Column<V | null, K>
  max(): Column<V | null, K>
}

interface ManyNumbers<V, K extends keyof Numbers> extends ManySorted<V, K> {
  sum(): Column<V | null, K>
  avg(): Column<Numbers[K]['average'] | null, Numbers[K]['averageKind']>
}
