import type { TObject, TOptional, TUnsafe } from 'typebox'

/** What a schema is for: the body of a create, the body of an update, or an answer. */
export type Purpose = 'create' | 'update' | 'read'

type Properties<R> = {
  [K in keyof R]-?: Record<never, never> extends Pick<R, K> ? TOptional<TUnsafe<Exclude<R[K], undefined>>> : TUnsafe<R[K]>
}

/** A TypeBox object schema whose static type is R. */
export type SchemaOf<R> = TObject<Properties<R>>
