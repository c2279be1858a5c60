import { ModelDefinitionError } from '../errors.ts'
import type { RelationDefinition } from '../relations/definition.ts'
import type { ModelMeta } from './model-meta.ts'
import { snakeCase } from './naming.ts'
import type { Junction, RelationMeta } from './relation-meta.ts'

/** The table between two models: a model of its own, the one the other side owns, or the one this side owns. */
export function linkJunction(owner: ModelMeta, name: string, target: ModelMeta, definition: RelationDefinition): Junction {
  if (definition.through) return throughModel(owner, name, target, owner.target(definition.through, name), definition)
  if (definition.inverse !== undefined) return swapped(owner, name, target, definition.inverse)
  assertSoleOwner(owner, name, target, definition)
  const self = owner.declaration === target.declaration
  const [ownerName, targetName] = self ? ['from', 'to'] : [snakeCase(owner.name), snakeCase(target.name)]
  return {
    table: definition.table ?? `${owner.table}_${snakeCase(name)}`,
    ownerColumns: owner.primaryKey.map(({ column }) => `${ownerName}_${column}`),
    targetColumns: target.primaryKey.map(({ column }) => `${targetName}_${column}`),
  }
}

function throughModel(owner: ModelMeta, name: string, target: ModelMeta, meta: ModelMeta, definition: RelationDefinition): Junction {
  const references = meta.relationNames
    .filter((relation) => meta.declaration.shape[relation]?.kind === 'belongsTo')
    .map((relation) => meta.relation(relation))
  const toOwner = references.filter((relation) => relation.target.declaration === owner.declaration)
  const toTarget = references.filter((relation) => relation.target.declaration === target.declaration)
  const [near, far] = pickSides(toOwner, toTarget, definition)
  if (!near || !far) {
    throw new ModelDefinitionError(
      owner.name,
      `${meta.name}, which ${name} goes through, needs one belongsTo(() => ${owner.name}) and one belongsTo(() => ${target.name}); where there are several, name the own side's foreign key: { fk: '…' }.`,
    )
  }
  return {
    table: meta.table,
    meta,
    ownerColumns: near.local.map(({ column }) => column),
    targetColumns: far.local.map(({ column }) => column),
  }
}

function pickSides(
  toOwner: readonly RelationMeta[],
  toTarget: readonly RelationMeta[],
  { fk }: RelationDefinition,
): (RelationMeta | undefined)[] {
  const near = typeof fk === 'string' ? toOwner.find(({ local }) => local[0]?.property === fk) : toOwner[0]
  const others = toTarget.filter((relation) => relation !== near)
  if (fk === undefined && toOwner !== toTarget && toOwner.length > 1 && others.length !== toOwner.length - 1) return []
  return others.length === 1 || fk !== undefined ? [near, others[0]] : []
}

function swapped(owner: ModelMeta, name: string, target: ModelMeta, inverse: string): Junction {
  const other = target.declaration.shape[inverse]
  if (other?.kind !== 'manyToMany' || other.definition.inverse !== undefined) {
    throw new ModelDefinitionError(
      owner.name,
      `${name} is the other side of ${target.name}.${inverse}, which is no manyToMany that owns a junction.`,
    )
  }
  const { ownerColumns, targetColumns, ...junction } = linkJunction(target, inverse, owner, other.definition)
  return { ...junction, ownerColumns: targetColumns, targetColumns: ownerColumns }
}

/** Two sides that both own a junction would fill two tables, each seeing half. */
function assertSoleOwner(owner: ModelMeta, name: string, target: ModelMeta, { table }: RelationDefinition): void {
  if (owner.declaration === target.declaration || table !== undefined) return
  for (const [other, member] of Object.entries(target.declaration.shape)) {
    if (member.kind !== 'manyToMany' || member.definition.inverse !== undefined || member.definition.through || member.definition.table)
      continue
    if (target.target(member.definition.target, other).declaration !== owner.declaration) continue
    throw new ModelDefinitionError(
      owner.name,
      `${name} and ${target.name}.${other} both own a junction table. Say on one side: manyToMany(() => ${owner.name}, { inverse: '${name}' }).`,
    )
  }
}
