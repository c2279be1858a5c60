import type { RelationDefinition, RelationKind } from '../relations/definition.ts'
import type { ColumnMeta, ModelMeta } from './model-meta.ts'

/** The table between the two sides of a manyToMany relation. */
export interface Junction {
  readonly table: string
  /** The junction as a model of its own, where it is one. */
  readonly meta?: ModelMeta
  /** Columns that refer to the owner's key, in its order. */
  readonly ownerColumns: readonly string[]
  /** Columns that refer to the target's key, in its order. */
  readonly targetColumns: readonly string[]
}

/** One kind of row a relation may lead to, and the columns that are equal on both sides. */
export interface RelationMeta {
  readonly name: string
  readonly kind: RelationKind
  readonly owner: ModelMeta
  readonly target: ModelMeta
  /** Of a polymorphic relation: the targets by the name in the type column; `target` is the first. */
  readonly targets?: ReadonlyMap<string, ModelMeta>
  /** Of a polymorphic relation, and of the hasMany on its other side: the column with the target's name, and the name. */
  readonly typeColumn?: ColumnMeta
  readonly typeValue?: string
  readonly many: boolean
  readonly nullable: boolean
  /** Columns of the owner. */
  readonly local: readonly ColumnMeta[]
  /** Columns of the target that equal {@link local}, or of a manyToMany the target's key. */
  readonly foreign: readonly ColumnMeta[]
  readonly junction?: Junction
  readonly definition: RelationDefinition
}

/** The models a relation may lead to. */
export function targetsOf({ target, targets }: RelationMeta): readonly ModelMeta[] {
  return targets ? [...targets.values()] : [target]
}
