import type { IsToOne } from './kinds.ts'
import type { Absence, ColumnKey, ColumnOf, PathKey, RelationKey, TargetShape, ToOneKey } from './shape.ts'
import type { VALUE } from './symbols.ts'

// `string extends P ? P` makes P inferable from the argument, so that errors list the valid names, and keeps an editor's
// first completion pass empty, so that the second, with the text typed so far, answers.

/** A column, through any relations: `'posts.author.email'`; or what the query is annotated with. */
export type ColumnPath<S, P extends string, N = unknown> = string extends P ? P : ColumnStep<S, P, keyof N & string>
type ColumnStep<S, P extends string, Name extends string = never> = P extends `${infer Head}.${infer Rest}`
  ? Head extends PathKey<S>
    ? `${Head}.${ColumnStep<TargetShape<S[Head]>, Rest>}`
    : ColumnKey<S> | `${PathKey<S>}.${string}`
  : ColumnKey<S> | Name | `${PathKey<S>}.`

/** A column through relations that lead to one row: a row has no single value of the others to be ordered by. */
export type OrderPath<S, P extends string, N = unknown> = string extends P ? P : OrderStep<S, P, keyof N & string>
type OrderStep<S, P extends string, Name extends string = never> = P extends `${infer Head}.${infer Rest}`
  ? Head extends ToOneKey<S>
    ? `${Head}.${OrderStep<TargetShape<S[Head & keyof S]>, Rest>}`
    : ColumnKey<S> | `${ToOneKey<S>}.${string}`
  : ColumnKey<S> | Name | `${ToOneKey<S>}.`

/** The types of the column a path leads to, and through a relation that may lead nowhere those of null. */
export type ColumnAt<S, P extends string, N = unknown, Missing = never> = P extends `${infer Head}.${infer Rest}`
  ? Head extends keyof S
    ? ColumnAt<TargetShape<S[Head]>, Rest, unknown, S[Head] extends IsToOne ? Missing | Absence<S[Head]> : never>
    : never
  : P extends keyof N
    ? NamedColumn<N[P]>
    : ColumnOf<S, P> | NoColumn<Missing>

/** What the columns of no row are. */
type NoColumn<Missing> = [Missing] extends [never] ? never : { readonly out: Missing; readonly in: Missing }

/** What an annotation is compared with. */
type NamedColumn<E> = E extends { readonly [VALUE]: infer V } ? { readonly out: V; readonly in: V } : never

/** A relation, through any others: `'posts.comments'`. */
export type RelationPath<S, P extends string> = string extends P ? P : P extends unknown ? RelationStep<S, P> : never
type RelationStep<S, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends PathKey<S>
    ? `${Head}.${RelationStep<TargetShape<S[Head]>, Rest>}`
    : RelationKey<S>
  : RelationKey<S>
