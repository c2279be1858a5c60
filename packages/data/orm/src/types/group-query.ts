import type { Cols } from './columns.ts'
import type { Direction, Expr, OrderOptions } from './expression.ts'
import type { ShapeOf } from './shape.ts'

/** A query for one row per group. @typeParam N the expressions that have a name */
export interface GroupQuery<T, R, N = unknown> extends PromiseLike<R[]> {
  /** Keeps only groups that satisfy the condition. A name that a column has means the column. */
  having(condition: (c: Cols<ShapeOf<T>> & N) => Expr<'row' | 'aggregate'>): this
  orderBy(column: keyof R & string, direction?: Direction, options?: OrderOptions): this
  /** @throws {InvalidQueryError} unless it is a whole number, 0 or more */
  limit(groups: number): this
  /** @throws {InvalidQueryError} unless it is a whole number, 0 or more */
  offset(groups: number): this
  /** How many groups there are. */
  count(): Promise<number>
  first(): Promise<R | null>
  toSql(): { readonly text: string; readonly params: readonly unknown[] }
}
