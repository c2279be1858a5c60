import type { ColumnKind } from '../fields/types.ts'
import type { Expr, Expression, KindOfValue, Level, Operand, Ordering, OrderOptions, Subquery, WindowSpec } from './expression.ts'
import type { VALUE } from './symbols.ts'

/** An expression with the methods its kind has. `V` holds null where the value may be missing. */
export type Column<V, K extends ColumnKind = KindOfValue<V>, L extends Level = 'row'> = ColumnsByKind<V, L>[K]

interface ColumnsByKind<V, L extends Level> {
  number: NumericColumn<V, 'number', L>
  bigint: NumericColumn<V, 'bigint', L>
  decimal: NumericColumn<V, 'decimal', L>
  text: TextColumn<V, L>
  uuid: ComparableColumn<V, 'uuid', L>
  bool: BoolColumn<V, L>
  datetime: DateColumn<V, 'datetime', L>
  date: DateColumn<V, 'date', L>
  time: SortedColumn<V, 'time', L>
  json: JsonColumn<V, L>
  bytes: ComparableColumn<V, 'bytes', L>
  sealed: SealedColumn<V, L>
}

/** What arithmetic on a kind takes, and what its average is. */
export interface Numbers {
  number: { operand: number; average: number; averageKind: 'number' }
  bigint: { operand: bigint | number; average: string; averageKind: 'decimal' }
  decimal: { operand: string | number; average: string; averageKind: 'decimal' }
}

type NullOf<V> = Extract<V, null>

/** null where an operand may be. */
type NullOfOperand<O> = O extends { readonly [VALUE]: infer V } ? NullOf<V> : never

/** null where the divisor is computed: SQLite, MySQL and MariaDB give it for one that is zero. */
type NullOfQuotient<O> = O extends { readonly [VALUE]: unknown } ? null : never

/** What every expression has, an encrypted column's included. */
export interface SealedColumn<V, L extends Level> extends Expression<V, L> {
  isNull(): Expr<L>
  isNotNull(): Expr<L>
  /** How many rows have a value here. */
  count(): AggExpr<number>
}

export interface ComparableColumn<V, K extends ColumnKind, L extends Level> extends SealedColumn<V, L> {
  /** null is SQL NULL. */
  eq(value: Operand<V, L> | Subquery<V>): Expr<L>
  ne(value: Operand<V, L> | Subquery<V>): Expr<L>
  gt(value: Operand<NonNullable<V>, L> | Subquery<V>): Expr<L>
  gte(value: Operand<NonNullable<V>, L> | Subquery<V>): Expr<L>
  lt(value: Operand<NonNullable<V>, L> | Subquery<V>): Expr<L>
  lte(value: Operand<NonNullable<V>, L> | Subquery<V>): Expr<L>
  /** An empty list matches nothing; null in it matches SQL NULL. */
  in(values: readonly Operand<V, L>[] | Subquery<V>): Expr<L>
  /** An empty list matches everything. */
  notIn(values: readonly Operand<V, L>[] | Subquery<V>): Expr<L>
  /** Both ends included. */
  between(from: Operand<NonNullable<V>, L>, to: Operand<NonNullable<V>, L>): Expr<L>
  /** The value, or this one where it is missing. */
  coalesce(value: Operand<NonNullable<V>, L>): Column<NonNullable<V>, K, L>
  asc(options?: OrderOptions): Ordering<L>
  desc(options?: OrderOptions): Ordering<L>
  countDistinct(): AggExpr<number>
}

/** Of a kind that every engine knows the least and the greatest of. */
export interface SortedColumn<V, K extends ColumnKind, L extends Level> extends ComparableColumn<V, K, L> {
  /** null over no rows. */
  min(): AggExpr<V | null, K>
  max(): AggExpr<V | null, K>
}

export interface BoolColumn<V, L extends Level> extends ComparableColumn<V, 'bool', L> {
  /** Whether it is true. */
  isTrue(): Expr<L>
}

export interface NumericColumn<V, K extends keyof Numbers, L extends Level> extends SortedColumn<V, K, L> {
  add<O extends Operand<Numbers[K]['operand'], L>>(value: O): Column<V | NullOfOperand<O>, K, L>
  sub<O extends Operand<Numbers[K]['operand'], L>>(value: O): Column<V | NullOfOperand<O>, K, L>
  mul<O extends Operand<Numbers[K]['operand'], L>>(value: O): Column<V | NullOfOperand<O>, K, L>
  /** By an expression that is zero it is null, and on PostgreSQL an error. @throws {InvalidValueError} by 0 */
  div<O extends Operand<Numbers[K]['operand'], L>>(value: O): Column<V | NullOfQuotient<O>, K, L>
  /**
   * The remainder, with the sign of what is divided; by zero as `div` is.
   * @throws {InvalidValueError} by 0 @throws {InvalidQueryError} of `f.float()`, where engines differ
   */
  mod<O extends Operand<Numbers[K]['operand'], L>>(value: O): Column<V | NullOfQuotient<O>, K, L>
  abs(): Column<V, K, L>
  /** @param digits after the point. @default 0 */
  round(digits?: number): Column<V, K, L>
  /** null over no rows. Of a number it is one again, and an error where it exceeds 2^53 - 1. */
  sum(): AggExpr<V | null, K>
  /** null over no rows; a decimal string but for numbers. */
  avg(): AggExpr<Numbers[K]['average'] | null, Numbers[K]['averageKind']>
}

export interface TextColumn<V, L extends Level> extends SortedColumn<V, 'text', L> {
  /** The pattern as the engine reads it: `%` and `_` are wildcards. */
  like(pattern: string): Expr<L>
  /** Without regard to case. */
  ilike(pattern: string): Expr<L>
  /** The text as it is, its case included; no character is a wildcard. */
  contains(text: string): Expr<L>
  startsWith(text: string): Expr<L>
  endsWith(text: string): Expr<L>
  icontains(text: string): Expr<L>
  istartsWith(text: string): Expr<L>
  iendsWith(text: string): Expr<L>
  /** Missing parts make the whole missing: `coalesce('')` them. */
  concat(...parts: readonly (string | Expression<string, L>)[]): Column<string | NullOf<V>, 'text', L>
  lower(): Column<string | NullOf<V>, 'text', L>
  upper(): Column<string | NullOf<V>, 'text', L>
  trim(): Column<string | NullOf<V>, 'text', L>
  /** In characters. */
  length(): Column<number | NullOf<V>, 'number', L>
}

/** Parts are those of UTC. */
export interface DateColumn<V, K extends 'datetime' | 'date', L extends Level> extends SortedColumn<V, K, L> {
  year(): Column<number | NullOf<V>, 'number', L>
  /** 1 to 12. */
  month(): Column<number | NullOf<V>, 'number', L>
  /** 1 to 31. */
  day(): Column<number | NullOf<V>, 'number', L>
}

/** What a member of a JSON value is; missing ones are null. */
type JsonMember<V, P> = P extends keyof NonNullable<V> ? NonNullable<V>[P] | null : unknown
type JsonKey<V> = unknown extends V ? string | number : keyof NonNullable<V> & (string | number)

export interface JsonColumn<V, L extends Level> extends SealedColumn<V, L> {
  eq(value: Operand<V, L>): Expr<L>
  ne(value: Operand<V, L>): Expr<L>
  /** A member of the value, by keys and positions. */
  path<A extends JsonKey<V>>(a: A): Column<JsonMember<V, A>, KindOfValue<JsonMember<V, A>>, L>
  path<A extends JsonKey<V>, B extends JsonKey<JsonMember<V, A>>>(
    a: A,
    b: B,
  ): Column<JsonMember<JsonMember<V, A>, B>, KindOfValue<JsonMember<JsonMember<V, A>, B>>, L>
  path<A extends JsonKey<V>, B extends JsonKey<JsonMember<V, A>>, C extends JsonKey<JsonMember<JsonMember<V, A>, B>>>(
    a: A,
    b: B,
    c: C,
  ): Column<JsonMember<JsonMember<JsonMember<V, A>, B>, C>, KindOfValue<JsonMember<JsonMember<JsonMember<V, A>, B>, C>>, L>
}

interface AggregateParts<V, K extends ColumnKind> {
  /** Takes only the rows that satisfy the condition. */
  filter(condition: Expr): AggExpr<V, K>
  /** Computes it for each row over the rows around it, and groups nothing. */
  over(window?: WindowSpec): Column<V, K, 'window'>
}

/** A value computed over many rows. */
export type AggExpr<V, K extends ColumnKind = KindOfValue<V>> = Column<V, K, 'aggregate'> & AggregateParts<V, K>

/** A function that means something only over a window. */
export interface WindowFunction<V, K extends ColumnKind = KindOfValue<V>> {
  over(window?: WindowSpec): Column<V, K, 'window'>
}
