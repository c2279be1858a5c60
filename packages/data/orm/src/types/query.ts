import type { AddAltered, AlteredKey } from './altered.ts'
import type { Cols } from './columns.ts'
import type { Named, Operand, Values } from './expression.ts'
import type { GroupQuery } from './group-query.ts'
import type { RelationPath } from './path.ts'
import type { Row, Update } from './row.ts'
import type { Rows } from './rows.ts'
import type { ColumnKey, Columns, OutOf, RelationKey, ShapeOf, TargetOf } from './shape.ts'
import type { Simplify } from './simplify.ts'
import type { COLUMN } from './symbols.ts'
import type { With } from './with.ts'

/** Relations to load, each with a query of its own or as it is. The callback's return type is wide so that nested callbacks infer. */
export type WithQueries<S> = {
  readonly [K in RelationKey<S>]?: true | ((query: Query<TargetOf<S[K]>>) => PromiseLike<unknown>)
}

/** The paths that the queries of a `with({ … })` load; what is altered is no path. */
export type PathsOf<W, S> = {
  [K in Exclude<keyof W & string, AlteredKey<W, S>>]: W[K] extends (
    query: never,
  ) => Query<infer _T, infer P extends string, infer _A, infer _N>
    ? [P] extends [never]
      ? K
      : K | `${K}.${P}`
    : K
}[Exclude<keyof W & string, AlteredKey<W, S>>]

/** New values by column: values, or expressions over the row. */
export type Changes<S> = { readonly [K in keyof Update<S>]?: Update<S>[K] | Operand<OutOf<Columns<S>[K & keyof Columns<S>]>, 'row'> }

/** An instance of which some columns were not read. */
export type Partly<T, Absent extends PropertyKey> = [Absent] extends [never] ? T : Omit<T, Absent>

/** A query for rows that are plain objects. Of one column it is a value for another query. */
export interface Selection<T, R, N = unknown> extends Rows<T, R, N> {
  readonly [COLUMN]: R[keyof R]
}

/** Columns of plain rows, and annotations among them. */
export type Picked<S, N, K> = unknown extends N ? Pick<Row<S>, K & keyof Row<S>> : Pick<Row<S> & Values<N>, K & keyof (Row<S> & Values<N>)>

/** Those names that no column or relation has, which means itself. */
export type Unclaimed<E, S> = { readonly [K in Exclude<keyof E, keyof Cols<S>>]: E[K] }

/**
 * A query for instances of T, with the relations P loaded and the annotations A, whose expressions N later calls may use by
 * their names.
 */
export interface Query<T, P extends string = never, A = unknown, N = unknown> extends Rows<T, With<T, P> & A, N> {
  /** Loads relations, each path with all it leads through. */
  with<K extends string>(...paths: RelationPath<ShapeOf<T>, K>[]): Query<T, P | K, A, N>
  with<W extends WithQueries<ShapeOf<T>>>(queries: W): Query<T, P | PathsOf<W, ShapeOf<T>>, AddAltered<A, W, ShapeOf<T>>, N>

  /**
   * How the relations are read. `balanced`: to-one ones by a join or a query, the others by a query for all rows. `json`: all
   * in the one statement, each row's as an array of JSON, which pays where a round trip takes long and the rows are few;
   * MariaDB, PostgreSQL and SQLite. The instances are the same. Polymorphic relations are read by queries of their own.
   * @default 'balanced'
   */
  eager(strategy: 'balanced' | 'json'): Query<T, P, A, N>

  /** Plain rows of these columns. */
  select<K extends ColumnKey<ShapeOf<T>> | (keyof N & string)>(...columns: K[]): Selection<T, Simplify<Picked<ShapeOf<T>, N, K>>, N>
  /** Plain rows of these expressions. */
  select<E extends Named<'row' | 'window'>>(expressions: (c: Cols<ShapeOf<T>> & N) => E): Selection<T, Simplify<Values<E>>, N>
  /**
   * Reads these columns and the key; the others throw when they are read. What the rows are saved and their relations loaded by
   * is read too: the version, which JSON leaves out, and the columns that lead to the relations of `with`.
   */
  only<K extends ColumnKey<ShapeOf<T>>>(...columns: K[]): Query<Partly<T, Exclude<ColumnKey<ShapeOf<T>>, K>>, P, A, N>
  /** Reads all columns but these, which throw when they are read; what `only` reads too is read here. */
  defer<K extends ColumnKey<ShapeOf<T>>>(...columns: K[]): Query<Partly<T, K>, P, A, N>
  /** Adds values to each instance, which later calls may use by name. Each relation counted or summed is a subquery of its own. */
  annotate<E extends Named<'row' | 'window'>>(expressions: (c: Cols<ShapeOf<T>> & N) => E): Query<T, P, Simplify<A & Values<E>>, N & E>

  /** One row of values over all rows. */
  aggregate<E extends Named<'aggregate'>>(expressions: (c: Cols<ShapeOf<T>> & N) => E): Promise<Simplify<Values<E>>>
  /** One row of values for each group. */
  groupBy<K extends ColumnKey<ShapeOf<T>> | (keyof N & string), E extends Named<'aggregate'>>(
    columns: readonly K[],
    expressions: (c: Cols<ShapeOf<T>> & N) => E,
  ): GroupQuery<T, Simplify<Picked<ShapeOf<T>, N, K> & Values<E>>, N & Unclaimed<E, ShapeOf<T>>>
  groupBy<G extends Named<'row'>, E extends Named<'aggregate'>>(
    columns: (c: Cols<ShapeOf<T>> & N) => G,
    expressions: (c: Cols<ShapeOf<T>> & N) => E,
  ): GroupQuery<T, Simplify<Values<G> & Values<E>>, N & Unclaimed<G & E, ShapeOf<T>>>

  /**
   * Writes these values into all rows that match, past the hooks. Of two writes at once the second finds a row as the first
   * left it, by the conditions on its own columns: those on relations and of `raw` are as they were when it began.
   * @returns how many @throws {UnfilteredWriteError}
   */
  update(values: Update<ShapeOf<T>> | ((c: Cols<ShapeOf<T>>) => Changes<ShapeOf<T>>)): Promise<number>
  /** Deletes all rows that match, past the hooks; softly where the model does. @returns how many @throws {UnfilteredWriteError} */
  delete(): Promise<number>
  /** Undoes the soft deletion of all rows that match. @returns how many @throws {UnfilteredWriteError} */
  restore(): Promise<number>
  /** Deletes for good. @returns how many @throws {UnfilteredWriteError} */
  forceDelete(): Promise<number>
  /** Lets `update` and `delete` have no condition. */
  unfiltered(): this

  /**
   * The rows that `from` gives, and all that the relation leads to from there, however deep; each once.
   * @throws {InvalidQueryError} for a relation to another model, and for another depth
   */
  recursive<K extends RelationKey<ShapeOf<T>>>(options: {
    readonly from: (query: Query<T>) => PromiseLike<unknown>
    readonly via: K
    /** Steps at most, a whole number, 0 or more. @default no limit; a circle ends by itself */
    readonly depth?: number
  }): this
}
