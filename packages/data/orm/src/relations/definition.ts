export type RelationKind = 'belongsTo' | 'hasOne' | 'hasMany' | 'manyToMany' | 'polymorphic'
export type ReferentialAction = 'cascade' | 'restrict' | 'setNull' | 'noAction'

/** Calls give the class; only called once all models are there. */
export type Thunk = () => unknown

/** A relation as its model declares it. Plain data with the targets as thunks, so that circular models can be declared. */
export interface RelationDefinition {
  readonly kind: RelationKind
  /** Absent of a polymorphic relation, which has {@link targets}. */
  readonly target?: Thunk
  /** By the name stored in the type column. */
  readonly targets?: Readonly<Record<string, Thunk>>
  readonly nullable: boolean
  /**
   * belongsTo: the property of the foreign key (`authorId`), or for a composite key the target's property by the own one:
   * `{ tenantId: 'tenantId', invoiceId: 'id' }`.
   * hasOne, hasMany: the property on the target that refers back. @default found by the target's belongsTo of this model
   */
  readonly fk?: string | Readonly<Record<string, string>>
  readonly onDelete?: ReferentialAction
  readonly onUpdate?: ReferentialAction
  /** The relation of the target that this one is the other side of, where it cannot be told. */
  readonly inverse?: string
  /** manyToMany: the junction as a model of its own, with the relations to both sides. */
  readonly through?: Thunk
  /** manyToMany: the junction's table. @default `<owner>_<relation>` */
  readonly table?: string
  /** An index on the foreign key. @default true */
  readonly index?: boolean
  /** A unique constraint on the foreign key. @default true where a hasOne is the other side */
  readonly unique?: boolean
}
