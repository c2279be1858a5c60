import type { RelationDefinition } from './definition.ts'
import { InvalidRelationError } from './errors.ts'
import { type ActionOptions, assertActions, assertName, definitionOf, type Target, thunkOf } from './thunk.ts'

/** The property of the foreign key, or for a composite key the target's property by the own one. */
export type ForeignKey = string | Readonly<Record<string, string>>

export interface BelongsToOptions<FK extends ForeignKey> extends ActionOptions {
  /**
   * The property that holds the key, or for a composite key each own property with the target's it refers to:
   * `{ tenantId: 'tenantId', invoiceId: 'id' }`. Own properties may be fields. @default the relation's name and `Id`
   */
  readonly fk?: FK
  /** An index on the foreign key. @default true */
  readonly index?: boolean
  /** A unique constraint on the foreign key. @default true where a hasOne is the other side */
  readonly unique?: boolean
}

/** This row refers to one of the target. Only carries `F`; what it returns is not looked at before a query asks. */
export class BelongsTo<F, Nullable extends boolean = false, FK extends ForeignKey = ''> {
  readonly kind = 'belongsTo'
  readonly definition: RelationDefinition
  /** For the compiler only; there are no such properties. */
  declare readonly '~target': F
  declare readonly '~nullable': Nullable
  declare readonly '~fk': FK

  constructor(definition: RelationDefinition) {
    this.definition = definition
  }

  /** May refer to nothing. */
  nullable(): BelongsTo<F, true, FK> {
    return new BelongsTo(Object.freeze({ ...this.definition, nullable: true }))
  }
}

/**
 * A foreign key. Gives the model a property of its own for it.
 * @example author: belongsTo(() => User, { onDelete: 'cascade' }) // and authorId
 * @throws {InvalidRelationError} when not given a function, or for an unknown option value
 */
export function belongsTo<F extends Target, const FK extends ForeignKey = ''>(
  target: F,
  options: BelongsToOptions<FK> = {},
): BelongsTo<F, false, FK> {
  const { fk, onDelete, onUpdate, index, unique } = options
  const thunk = thunkOf('belongsTo', target)
  assertActions('belongsTo', options)
  assertForeignKey(fk)
  return new BelongsTo(definitionOf('belongsTo', { target: thunk, fk, onDelete, onUpdate, index, unique }))
}

function assertForeignKey(fk: ForeignKey | undefined): void {
  if (typeof fk !== 'object' || fk === null) return assertName('belongsTo', 'fk', fk)
  const entries = Object.entries(fk)
  if (entries.length === 0) throw new InvalidRelationError('belongsTo', '`fk` names no property.')
  for (const [own, foreign] of entries) assertName('belongsTo', `fk.${own}`, foreign)
}
