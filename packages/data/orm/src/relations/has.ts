import type { RelationDefinition } from './definition.ts'
import { assertName, definitionOf, type Target, thunkOf } from './thunk.ts'

export interface HasOptions {
  /** The property on the target that refers back. @default that of the target's belongsTo of this model */
  readonly fk?: string
  /** The target's relation that this is the other side of, where the target refers back more than once. */
  readonly inverse?: string
}

/** Many rows of the target refer to this one. Only carries `F`; what it returns is not looked at before a query asks. */
export class HasMany<F> {
  readonly kind = 'hasMany'
  readonly definition: RelationDefinition
  /** For the compiler only; there is no such property. */
  declare readonly '~target': F

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }
}

/** At most one row of the target refers to this one. */
export class HasOne<F> {
  readonly kind = 'hasOne'
  readonly definition: RelationDefinition
  /** For the compiler only; there is no such property. */
  declare readonly '~target': F

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }
}

/**
 * The other side of the target's `belongsTo`.
 * @example posts: hasMany(() => Post)
 * @throws {InvalidRelationError} when not given a function; that it gives a model is checked when models are linked
 */
export function hasMany<F extends Target>(target: F, options: HasOptions = {}): HasMany<F> {
  return new HasMany(has('hasMany', target, options))
}

/**
 * The other side of the target's `belongsTo`, whose foreign key then is unique.
 * @example profile: hasOne(() => Profile)
 * @throws {InvalidRelationError} when not given a function
 */
export function hasOne<F extends Target>(target: F, options: HasOptions = {}): HasOne<F> {
  return new HasOne(has('hasOne', target, options))
}

function has(kind: 'hasMany' | 'hasOne', target: Target, { fk, inverse }: HasOptions): RelationDefinition {
  assertName(kind, 'fk', fk)
  assertName(kind, 'inverse', inverse)
  return definitionOf(kind, { target: thunkOf(kind, target), fk, inverse })
}
