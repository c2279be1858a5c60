import type { Query } from './query.ts'
import type { TargetOf } from './shape.ts'
import type { Simplify } from './simplify.ts'
import type { LoadedAs, With } from './with.ts'

/** The relations whose query gives other rows than the relation's own: with values beside them, or without some of their columns. */
export type AlteredKey<W, S> = {
  [K in keyof W & keyof S]: W[K] extends (query: never) => Query<infer U, infer _P extends string, infer A, infer _N>
    ? unknown extends A
      ? U extends TargetOf<S[K]>
        ? never
        : K
      : K
    : never
}[keyof W & keyof S]

/** Those relations, loaded. */
export type Altered<W, S> = {
  [K in AlteredKey<W, S>]: W[K] extends (query: never) => Query<infer U, infer P extends string, infer A, infer _N>
    ? LoadedAs<S[K], With<U, P> & A>
    : never
}

/** What a query has beside its paths, with those relations. */
export type AddAltered<A, W, S> = [AlteredKey<W, S>] extends [never] ? A : Simplify<A & Altered<W, S>>
