import type { RelationDefinition, Thunk } from './definition.ts'
import { InvalidRelationError } from './errors.ts'
import { definitionOf, type Target, thunkOf } from './thunk.ts'

export interface PolymorphicOptions {
  /** An index on both columns. @default true */
  readonly index?: boolean
}

/** This row refers to one of several models. Only carries them; what the functions return is not looked at before a query asks. */
export class Polymorphic<Targets, Nullable extends boolean = false> {
  readonly kind = 'polymorphic'
  readonly definition: RelationDefinition
  /** For the compiler only; there are no such properties. */
  declare readonly '~targets': Targets
  declare readonly '~nullable': Nullable

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }

  /** May refer to nothing. */
  nullable(): Polymorphic<Targets, true> {
    return new Polymorphic(Object.freeze({ ...this.definition, nullable: true }))
  }
}

/**
 * A reference to a row of one of several models, as two columns: `<name>Type`, which holds the name given here, and
 * `<name>Id`. Engines cannot enforce it as a foreign key.
 * @example subject: polymorphic({ post: () => Post, comment: () => Comment })
 * @throws {InvalidRelationError} when not given functions by name
 */
export function polymorphic<Targets extends Readonly<Record<string, Target>>>(
  targets: Targets,
  { index }: PolymorphicOptions = {},
): Polymorphic<Targets> {
  const names = Object.keys(targets)
  if (names.length === 0) throw new InvalidRelationError('polymorphic', 'names no model.')
  const thunks: Record<string, Thunk> = {}
  for (const name of names) thunks[name] = thunkOf('polymorphic', targets[name] as Target)
  return new Polymorphic(definitionOf('polymorphic', { targets: thunks, index }))
}
