import type { ColumnKind } from '../fields/types.ts'
import type { Column, WindowFunction } from './column.ts'
import type { Expr, Expression, KindOfValue, Level } from './expression.ts'
import type { LEVEL, VALUE } from './symbols.ts'

/** The level of several expressions together. */
type LevelOf<E extends readonly Expr<Level>[]> = E[number][typeof LEVEL]

/** All of them; true of none. */
export type And = <E extends readonly Expr<Level>[]>(...conditions: E) => Expr<LevelOf<E>>
/** One of them at least; false of none. */
export type Or = <E extends readonly Expr<Level>[]>(...conditions: E) => Expr<LevelOf<E>>
export type Not = <L extends Level>(condition: Expr<L>) => Expr<L>

/** A query, as far as EXISTS is concerned. */
export interface Existing {
  exists(): Promise<boolean>
}

/** Whether the query has a row. It may use columns of the query around it. */
export type Exists = (query: Existing) => Expr

/** `'a'` is text, not only 'a'. */
export type Widened<V> = V extends string ? string : V extends number ? number : V extends bigint ? bigint : V extends boolean ? boolean : V

/** A value as an expression: a parameter, never SQL. */
export type Value = <V>(value: V) => Column<Widened<V>, KindOfValue<V>, never>

/** The number of the row within its partition, from 1. */
export type RowNumber = () => WindowFunction<number>

/** The type and kind of an expression that window functions pass on. */
type ValueOf<E> = E extends { readonly [VALUE]: infer V } ? V : never

/** The value in a row before (lag) or after (lead) this one. */
export type Offset = <E extends Expression<unknown, 'row'>>(
  column: E,
  rows?: number,
) => WindowFunction<ValueOf<E> | null, KindOfValue<ValueOf<E>>>

/** The value in the first or last row of the frame. */
export type Edge = <E extends Expression<unknown, 'row'>>(column: E) => WindowFunction<ValueOf<E>, KindOfValue<ValueOf<E>>>

/** `caseWhen(c.views.gt(100), 'popular').when(…).else('quiet')` */
export type CaseWhen = <L extends Level, V>(condition: Expr<L>, then: V | Expression<V, L>) => Case<Widened<V>, L>

/** A choice between values. Without `else` it is null where no condition holds. */
export interface Case<V, L extends Level> extends Expression<V | null, L> {
  when<W = V>(condition: Expr<L>, then: W | Expression<W, L>): Case<V | Widened<W>, L>
  else<W = V>(value: W | Expression<W, L>): Column<V | Widened<W>, KindOfValue<V | Widened<W>>, L>
}

/** The time of the statement. */
export type Now = () => Column<Date, 'datetime', never>

/** An SQL fragment as an expression of a type that is yours to state; what is interpolated is a parameter or an expression. */
export type Raw = <T = unknown>(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Column<T, KindOfValue<T> & ColumnKind, never>
