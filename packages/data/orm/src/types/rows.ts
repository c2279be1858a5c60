import type { Database } from '@covet/db'
import type { Cols } from './columns.ts'
import type { Direction, Expr, Expression, Ordering, OrderOptions } from './expression.ts'
import type { Operator, Operators } from './operators.ts'
import type { CursorOptions, CursorPage, JsonReply, Page, PageOptions, QueryPlan } from './pages.ts'
import type { ColumnAt, ColumnPath, OrderPath } from './path.ts'
import type { Match, Filter } from './row.ts'
import type { ShapeOf } from './shape.ts'

export interface LockOptions {
  /** Leaves out rows that are locked. */
  readonly skipLocked?: boolean
  /** Fails at once when a row is locked. */
  readonly noWait?: boolean
}

/**
 * A query for rows of the type R over the model of T. Immutable: each call gives a new query. Lazy: awaiting it runs it, and
 * awaiting it twice runs it twice; so an async function that returns one runs it.
 * @typeParam N the expressions of its annotations, by name
 */
export interface Rows<T, R, N = unknown> extends PromiseLike<R[]> {
  /** Through a to-many relation: a related row exists that satisfies it; each call may mean another row. */
  where<P extends string>(path: ColumnPath<ShapeOf<T>, P, N>, value: Filter<ColumnAt<ShapeOf<T>, P, N>>): this
  where<P extends string, O extends Operator>(
    path: ColumnPath<ShapeOf<T>, P, N>,
    operator: O,
    value: Operators<Filter<ColumnAt<ShapeOf<T>, P, N>>>[O],
  ): this
  /** A window in it is over the rows that all conditions without one leave. */
  where(condition: (c: Cols<ShapeOf<T>> & N) => Expr<'row' | 'window'>): this
  where(match: Match<ShapeOf<T>>): this

  /** Later calls order what earlier ones leave equal. @default direction 'asc', and rows without a value last */
  orderBy<P extends string>(path: OrderPath<ShapeOf<T>, P, N>, direction?: Direction, options?: OrderOptions): this
  orderBy(
    expression: (c: Cols<ShapeOf<T>> & N) => Expression<unknown, 'row' | 'window'> | Ordering<'row' | 'window'>,
    direction?: Direction,
    options?: OrderOptions,
  ): this
  /** @throws {InvalidQueryError} unless it is a whole number, 0 or more */
  limit(rows: number): this
  /** @throws {InvalidQueryError} unless it is a whole number, 0 or more */
  offset(rows: number): this
  /** Leaves out rows that equal one before. */
  distinct(): this

  /** The first row, or null. */
  first(): Promise<R | null>
  /** @throws {NotFound} */
  firstOrFail(): Promise<R>
  /** The one row. @throws {NotFound} @throws {MultipleFound} */
  get(): Promise<R>
  count(): Promise<number>
  exists(): Promise<boolean>
  /** @throws {InvalidQueryError} for numbers outside of their ranges, and for a query with a limit or an offset */
  paginate(options?: PageOptions): Promise<Page<R>>
  /**
   * @throws {InvalidQueryError} for a cursor that is not from this query, a size outside of its range, and a query with a limit,
   * an offset or an order by anything but columns of its own that are not hidden
   */
  cursor(options: CursorOptions): Promise<CursorPage<R>>
  /**
   * Rows one by one, without having all of them at once; relations are loaded for each batch.
   * @param options `batch`: rows, 1 or more. @default 500
   * @throws {InvalidQueryError} for another number
   */
  stream(options?: { readonly batch?: number }): AsyncIterable<R>

  /** Rows of both queries, each once. */
  union(other: PromiseLike<R[]>): this
  /** Rows of both queries. */
  unionAll(other: PromiseLike<R[]>): this
  /** Rows that both queries have. */
  intersect(other: PromiseLike<R[]>): this
  /** Rows that the other query has not. */
  except(other: PromiseLike<R[]>): this

  /**
   * The same query under a name: however often it, or what is made of it, is used in one statement, it stands there once
   * (`with … as`). What follows is about its rows.
   */
  shared(): this

  /** Holds the rows until the transaction ends; outside of one it is an error. */
  lock(mode: 'update' | 'share', options?: LockOptions): this
  /** Includes rows that were softly deleted. */
  withDeleted(): this
  /** Only rows that were softly deleted. */
  onlyDeleted(): this
  /** Without the model's scope, and softly deleted rows included. Related rows keep the scope of their own model. */
  unscoped(): this
  /**
   * Answers from the query cache, until a table it reads is written or the time is over.
   * @param options `ttl` in milliseconds, or as text such as '1m'
   * @throws {InvalidQueryError} unless it is above 0
   */
  cache(options: { readonly ttl: number | string }): this
  /** Runs on this database. */
  using(database: Database): this
  /** Ends the statement on the server when the signal aborts. */
  signal(signal: AbortSignal): this

  /** @param options `analyze` runs the query and tells what it really took */
  explain(options?: { readonly analyze?: boolean }): Promise<QueryPlan>
  /** What would be sent, without sending it. */
  toSql(): { readonly text: string; readonly params: readonly unknown[] }
  /** The rows as the bytes of a JSON array, as `toJSON` of each gives it. With a reply: sent with its content type. */
  json(): Promise<Uint8Array>
  json<Reply extends JsonReply>(reply: Reply): Promise<Reply>
  /**
   * The rows as lines of JSON, a batch at a time, which ends early when it holds a megabyte.
   * @param options `batch`: rows, 1 or more. @default 500
   * @throws {InvalidQueryError} for another number
   */
  ndjson(options?: { readonly batch?: number }): AsyncIterable<Uint8Array>
}
