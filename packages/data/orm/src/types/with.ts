import type { IsHasMany } from './kinds.ts'
import type { InstanceOf, ShapeOf, TargetOf } from './shape.ts'

export type Heads<P extends string> = P extends `${infer Head}.${string}` ? Head : P
export type Tails<P extends string, Head extends string> = P extends `${Head}.${infer Rest}` ? Rest : never

/** What a loaded relation is: `Below` are the relations loaded on it. */
export type Loaded<R, Below extends string> = LoadedAs<R, With<TargetOf<R>, Below>>

/** The same of rows that are not just the relation's own. */
export type LoadedAs<R, Row> = R extends IsHasMany
  ? Row[]
  : R extends { kind: 'manyToMany'; '~through': infer Through }
    ? (Row & Pivot<Through>)[]
    : R extends { kind: 'belongsTo' | 'polymorphic'; '~nullable': infer Nullable }
      ? Row | (Nullable extends true ? null : never)
      : Row | null

/** The row of the junction, where it is a model. */
type Pivot<Through> = [Through] extends [never] ? unknown : { readonly pivot: InstanceOf<Through> }

/**
 * An instance with relations loaded, each path with all it leads through. What is not loaded is not there, so a loaded
 * instance fits wherever the plain one is asked for.
 * @example function show(user: With<User, 'profile' | 'posts.comments'>) { … }
 */
// The mapped type stands here, not in an alias of its own: a hover would print that alias with the whole shape in it.
export type With<T, P extends string> = [P] extends [never]
  ? T
  : T & { [Head in Heads<P>]: Head extends keyof ShapeOf<T> ? Loaded<ShapeOf<T>[Head], Tails<P, Head>> : never }
