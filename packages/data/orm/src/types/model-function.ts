import type { OwnCols } from './columns.ts'
import type { Expr } from './expression.ts'
import type { ReservedName } from './model-instance.ts'
import type { ModelStatic } from './model-static.ts'
import type { Shape } from './shape.ts'

/** Names that instances have methods under, with what the compiler says about them. */
type Unreserved = { readonly [Name in ReservedName]?: `'${Name}' is a method of every model: choose another name` }

/** `peers`: loads for all instances of the same result; `one`: for this one; `raise`: refuses. */
export type LazyMode = 'peers' | 'one' | 'raise'

export interface ModelDeclarationOptions<S, Named extends readonly string[]> {
  /** The properties of the primary key, where it is not one field marked as such. @default the field marked as primary, or `id` */
  readonly primary?: Named
  /** Unique constraints over several properties. */
  readonly unique?: readonly (readonly string[])[]
  /** Indexes over several properties. */
  readonly index?: readonly (readonly string[])[]
  /** How `load` on one instance of a result behaves. @default 'peers' */
  readonly lazy?: LazyMode
  /**
   * A condition that every query of the model gets, but for `unscoped`, and that its rows have to meet wherever a relation
   * leads to them. Over the model's own columns: related models may not be declared yet. @default none
   */
  readonly scope?: (c: OwnCols<NoInfer<S>>) => Expr
  /** Caches every query of the model that long: `ttl` in milliseconds, or as text such as '1m', above 0. @default none */
  readonly cache?: { readonly ttl: number | string }
}

/**
 * Makes the base class of a model.
 * @example class Post extends Model('posts', { id: f.id(), title: f.string(), author: belongsTo(() => User) }) {}
 */
export type ModelFunction = <S extends Shape & Unreserved, const Named extends readonly string[] = readonly []>(
  table: string,
  shape: S,
  options?: ModelDeclarationOptions<S, Named>,
) => ModelStatic<S, Named>
