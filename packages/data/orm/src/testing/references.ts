import { InvalidQueryError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'

type Values = Readonly<Record<string, unknown>>

/** Values in which relations may stand for their foreign keys, taken apart. */
export interface Parted {
  readonly columns: Record<string, unknown>
  readonly references: readonly { readonly relation: RelationMeta; readonly to: unknown }[]
}

/** @throws {InvalidQueryError} for a relation without a foreign key here */
export function parted(meta: ModelMeta, values: Values): Parted {
  const columns: Record<string, unknown> = {}
  const references: { relation: RelationMeta; to: unknown }[] = []
  for (const [name, value] of Object.entries(values)) {
    if (meta.hasRelation(name)) references.push({ relation: referring(meta.relation(name)), to: value })
    else columns[name] = value
  }
  return { columns, references }
}

function referring(relation: RelationMeta): RelationMeta {
  if (relation.kind === 'belongsTo' || relation.kind === 'polymorphic') return relation
  throw new InvalidQueryError(
    `${relation.owner.name}.${relation.name} has its foreign key elsewhere, so it is no value of a ${relation.owner.name}. Make the ${relation.target.name} refer to it.`,
  )
}

/** The foreign key that refers to an instance. */
export function foreignKeyTo({ local, foreign, targets, typeColumn }: RelationMeta, target: object): Values {
  const values = target as Values
  const key = Object.fromEntries(local.map(({ property }, index) => [property, values[foreign[index]?.property ?? '']]))
  const kind = [...(targets ?? [])].find(([, meta]) => target instanceof meta.model)?.[0]
  return typeColumn && kind !== undefined ? { ...key, [typeColumn.property]: kind } : key
}

/** The foreign key of a row that belongs to an instance by a relation of the instance. */
export function ownedBy({ local, foreign, typeColumn, typeValue }: RelationMeta, owner: object): Values {
  const values = owner as Values
  const key = Object.fromEntries(foreign.map(({ property }, index) => [property, values[local[index]?.property ?? '']]))
  return typeColumn ? { ...key, [typeColumn.property]: typeValue } : key
}
