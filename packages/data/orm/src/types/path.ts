import type { ColumnKey, ColumnOf, PathKey, RelationKey, TargetShape, ToOneKey } from './shape.ts'

// `string extends P ? P` makes P inferable from the argument, so that errors list the valid names, and keeps an editor's
// first completion pass empty, so that the second, with the text typed so far, answers.

/** A column, through any relations: `'posts.author.email'`. */
export type ColumnPath<S, P extends string> = string extends P ? P : ColumnStep<S, P>
type ColumnStep<S, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends PathKey<S>
    ? `${Head}.${ColumnStep<TargetShape<S[Head]>, Rest>}`
    : ColumnKey<S> | `${PathKey<S>}.${string}`
  : ColumnKey<S> | `${PathKey<S>}.`

/** A column through relations that lead to one row: a row has no single value of the others to be ordered by. */
export type OrderPath<S, P extends string> = string extends P ? P : OrderStep<S, P>
type OrderStep<S, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends ToOneKey<S>
    ? `${Head}.${OrderStep<TargetShape<S[Head & keyof S]>, Rest>}`
    : ColumnKey<S> | `${ToOneKey<S>}.${string}`
  : ColumnKey<S> | `${ToOneKey<S>}.`

/** The types of the column a path leads to. */
export type ColumnAt<S, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends keyof S
    ? ColumnAt<TargetShape<S[Head]>, Rest>
    : never
  : ColumnOf<S, P>

/** A relation, through any others: `'posts.comments'`. */
export type RelationPath<S, P extends string> = string extends P ? P : P extends unknown ? RelationStep<S, P> : never
type RelationStep<S, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends PathKey<S>
    ? `${Head}.${RelationStep<TargetShape<S[Head]>, Rest>}`
    : RelationKey<S>
  : RelationKey<S>
