import { ModelDefinitionError } from '../errors.ts'
import type { RelationDefinition } from '../relations/definition.ts'
import { foreignKeyFields } from './columns.ts'
import { linkJunction } from './link-junction.ts'
import type { ModelMeta } from './model-meta.ts'
import type { RelationMeta } from './relation-meta.ts'

/** Works out which columns a relation joins. @throws {ModelDefinitionError} */
export function linkRelation(owner: ModelMeta, name: string): RelationMeta {
  const relation = link(owner, name)
  assertOpen(relation)
  return relation
}

/** The same value is encrypted differently each time, so a join over it would find nothing. */
function assertOpen({ owner, target, name, local, foreign, typeColumn }: RelationMeta): void {
  const sealed = [...local, ...foreign, ...(typeColumn ? [typeColumn] : [])].find(({ field }) => field.encrypted)
  if (!sealed) return
  const model = owner.columns.includes(sealed) ? owner : target
  throw new ModelDefinitionError(
    owner.name,
    `the relation ${name} is joined by ${model.name}.${sealed.property}, which is encrypted, so no engine can compare it. Leave .encrypted() out for '${sealed.property}', and encrypt what is secret in a field beside it.`,
  )
}

function link(owner: ModelMeta, name: string): RelationMeta {
  const member = owner.declaration.shape[name]
  if (!member || member.kind === 'field') throw new ModelDefinitionError(owner.name, `'${name}' is no relation.`)
  const { kind, definition } = member
  switch (kind) {
    case 'belongsTo':
      return linkBelongsTo(owner, name, definition)
    case 'polymorphic':
      return linkPolymorphic(owner, name, definition)
    case 'manyToMany': {
      const target = owner.target(definition.target, name)
      const junction = linkJunction(owner, name, target, definition)
      const base = { name, kind, owner, target, definition, junction, many: true, nullable: false }
      return { ...base, local: owner.primaryKey, foreign: target.primaryKey }
    }
    default:
      return linkHas(owner, name, kind, definition)
  }
}

function linkBelongsTo(owner: ModelMeta, name: string, definition: RelationDefinition): RelationMeta {
  const target = owner.target(definition.target, name)
  const local = foreignKeyFields(owner, name).map(([property]) => owner.column(property))
  const nullable = local.some(({ field }) => field.nullable)
  return { name, kind: 'belongsTo', owner, target, definition, many: false, nullable, local, foreign: target.primaryKey }
}

function linkPolymorphic(owner: ModelMeta, name: string, definition: RelationDefinition): RelationMeta {
  const targets = new Map(Object.entries(definition.targets ?? {}).map(([kind, thunk]) => [kind, owner.target(thunk, name)]))
  const [first] = targets.values()
  if (!first) throw new ModelDefinitionError(owner.name, `the polymorphic relation ${name} has no targets.`)
  for (const target of targets.values()) {
    if (target.key.field.type !== first.key.field.type)
      throw new ModelDefinitionError(owner.name, `the targets of ${name} have keys of different types; one column cannot hold both.`)
  }
  const local = [owner.column(`${name}Id`)]
  const typeColumn = owner.column(`${name}Type`)
  const { nullable } = definition
  return {
    name,
    kind: 'polymorphic',
    owner,
    target: first,
    targets,
    typeColumn,
    definition,
    many: false,
    nullable,
    local,
    foreign: [first.key],
  }
}

/** hasOne and hasMany: the columns are those of the belongsTo on the other side. */
function linkHas(owner: ModelMeta, name: string, kind: 'hasOne' | 'hasMany', definition: RelationDefinition): RelationMeta {
  const target = owner.target(definition.target, name)
  const base = { name, kind, owner, target, definition, many: kind === 'hasMany', nullable: kind === 'hasOne' }
  const other = otherSide(owner, name, target, definition)
  if (typeof other === 'string') return { ...base, local: [owner.key], foreign: [target.column(other)] }
  if (other.kind !== 'polymorphic') return { ...base, local: other.foreign, foreign: other.local }
  const typeValue = [...(other.targets ?? [])].find(([, meta]) => isSame(meta, owner))?.[0] ?? ''
  return { ...base, local: [owner.key], foreign: other.local, typeValue, ...(other.typeColumn && { typeColumn: other.typeColumn }) }
}

/** The relation of the target that refers back, or the name of a plain column that does. */
function otherSide(owner: ModelMeta, name: string, target: ModelMeta, { inverse, fk }: RelationDefinition): RelationMeta | string {
  if (inverse !== undefined) return target.relation(inverse)
  const referring = target.relationNames
    .filter((candidate) => isReferring(target, candidate))
    .map((candidate) => target.relation(candidate))
  if (typeof fk === 'string') return referring.find(({ local }) => local[0]?.property === fk) ?? fk
  const candidates = referring.filter((relation) => refersTo(relation, owner))
  const [first, second] = candidates
  if (first && !second) return first
  if (!first) {
    throw new ModelDefinitionError(
      owner.name,
      `${target.name} has no belongsTo(() => ${owner.name}) for the relation ${name}. Add one, or name the property that refers back: { fk: '…' }.`,
    )
  }
  const names = candidates.map((relation) => `'${relation.name}'`).join(' and ')
  throw new ModelDefinitionError(
    owner.name,
    `${target.name} refers to it by ${names}, so ${name} must say which is meant: { inverse: '${first.name}' }.`,
  )
}

/** Relations of the other kinds refer by somebody else's columns. */
function isReferring(meta: ModelMeta, name: string): boolean {
  const kind = meta.declaration.shape[name]?.kind
  return kind === 'belongsTo' || kind === 'polymorphic'
}

function refersTo(relation: RelationMeta, owner: ModelMeta): boolean {
  if (relation.kind === 'polymorphic') return [...(relation.targets?.values() ?? [])].some((meta) => isSame(meta, owner))
  return isSame(relation.target, owner)
}

/** A subclass lives in its parent's table, and what refers to one refers to the other. */
function isSame(target: ModelMeta, owner: ModelMeta): boolean {
  return target.declaration === owner.declaration
}
