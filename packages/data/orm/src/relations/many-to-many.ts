import type { RelationDefinition } from './definition.ts'
import { InvalidRelationError } from './errors.ts'
import { assertName, definitionOf, type Target, thunkOf } from './thunk.ts'

export interface ManyToManyOptions<Through> {
  /** The junction as a model of its own, for further columns: its rows come with the targets as `pivot`. */
  readonly through?: Through
  /** The junction's table, where it is no model. @default the owner's table, `_` and the relation's name in snake_case */
  readonly table?: string
  /** The target's relation that this is the other side of: exactly one side owns the junction. */
  readonly inverse?: string
}

/** Rows on both sides refer to each other. Only carries `F`; what it returns is not looked at before a query asks. */
export class ManyToMany<F, Through = never> {
  readonly kind = 'manyToMany'
  readonly definition: RelationDefinition
  /** For the compiler only; there are no such properties. */
  declare readonly '~target': F
  declare readonly '~through': Through

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }
}

/**
 * @example tags: manyToMany(() => Tag)
 * @example groups: manyToMany(() => Group, { through: () => Membership })
 * @throws {InvalidRelationError} when not given functions, or for both `through` and `table`
 */
export function manyToMany<F extends Target, Through extends Target = never>(
  target: F,
  options: ManyToManyOptions<Through> = {},
): ManyToMany<F, Through> {
  const { through, table, inverse } = options
  const call = 'manyToMany'
  assertName(call, 'table', table)
  assertName(call, 'inverse', inverse)
  if (through !== undefined && table !== undefined) {
    throw new InvalidRelationError(call, '`through` is a model and has its table; leave `table` out.')
  }
  return new ManyToMany(
    definitionOf(call, {
      target: thunkOf(call, target),
      table,
      inverse,
      through: through === undefined ? undefined : thunkOf(`${call} through`, through),
    }),
  )
}
