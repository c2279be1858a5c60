import { sealedField } from '../crypto/sealed-codec.ts'
import { ModelDefinitionError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { RelationDefinition } from '../relations/definition.ts'
import type { ColumnMeta, ModelMeta } from './model-meta.ts'
import { snakeCase } from './naming.ts'

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The columns in the order of the declaration; a belongsTo stands for its foreign key. */
export function columnsOf(meta: ModelMeta): readonly ColumnMeta[] {
  const primary = new Set(primaryKeyOf(meta))
  const found = new Map<string, Omit<ColumnMeta, 'index'>>()
  const add = (property: string, field: FieldDefinition, relation?: string): void => {
    assertName(meta, property)
    // A foreign key over columns that are fields of their own declares nothing new.
    if (found.has(property)) return
    const column = field.column ?? snakeCase(property)
    const keyed = primary.has(property) ? { ...field, primary: true } : field
    const definition = field.encrypted ? sealedField(meta.name, property, meta.table, column, keyed) : keyed
    found.set(property, { property, column, field: definition, ...(relation && { relation }) })
  }
  const members = Object.entries(meta.declaration.shape)
  for (const [name, member] of members) {
    if (member.kind === 'field') add(name, member.definition)
    else for (const [property, field] of foreignKeyFields(meta, name)) if (!isField(meta, property)) add(property, field, name)
  }
  return [...found.values()].map((column, index) => ({ ...column, index }))
}

/** The properties of the primary key. */
export function primaryKeyOf(meta: ModelMeta): readonly string[] {
  const { options, shape } = meta.declaration
  if (options.primary) return options.primary
  const marked = Object.entries(shape)
    .filter(([, member]) => member.kind === 'field' && isKey(member.definition))
    .map(([name]) => name)
  if (marked.length === 1) return marked
  if (marked.length > 1)
    throw new ModelDefinitionError(
      meta.name,
      `${marked.join(' and ')} are both primary. Name a composite key in its options: primary: [${marked.map((name) => `'${name}'`).join(', ')}].`,
    )
  if (Object.hasOwn(shape, 'id') && shape['id']?.kind === 'field') return ['id']
  throw new ModelDefinitionError(
    meta.name,
    'it has no primary key. Give it id: f.id(), mark a field with .primary(), or name the key in its options: primary: [...].',
  )
}

/** The columns a belongsTo or polymorphic relation brings, by property; none of another kind. */
export function foreignKeyFields(meta: ModelMeta, name: string): readonly (readonly [string, FieldDefinition])[] {
  const member = meta.declaration.shape[name]
  if (!member || member.kind === 'field') return []
  const { definition } = member
  if (member.kind === 'polymorphic') return polymorphicFields(meta, name, definition)
  if (member.kind !== 'belongsTo') return []
  const target = meta.target(definition.target, name)
  const keys = primaryKeyOf(target)
  return foreignKeyNames(meta, name, definition, keys).map((property, index) => [
    property,
    referring(fieldOf(target, keys[index] ?? '', new Set([meta.declaration.table + name])), definition),
  ])
}

function polymorphicFields(meta: ModelMeta, name: string, definition: RelationDefinition): readonly (readonly [string, FieldDefinition])[] {
  const targets = Object.entries(definition.targets ?? {})
  const [first] = targets
  if (!first) throw new ModelDefinitionError(meta.name, `the polymorphic relation ${name} has no targets.`)
  const target = meta.target(first[1], name)
  const key = fieldOf(target, target.key.property, new Set())
  const { nullable } = definition
  return [
    [`${name}Type`, { type: 'enum', nullable, values: targets.map(([kind]) => kind) }],
    [`${name}Id`, referring(key, definition)],
  ]
}

/** The own properties of a foreign key, in the order of the target's key. */
function foreignKeyNames(meta: ModelMeta, name: string, { fk }: RelationDefinition, keys: readonly string[]): readonly string[] {
  if (typeof fk === 'object') {
    const byTarget = new Map(Object.entries(fk).map(([own, foreign]) => [foreign, own]))
    return keys.map((key) => {
      const own = byTarget.get(key)
      if (own === undefined)
        throw new ModelDefinitionError(meta.name, `the foreign key of ${name} names no property for '${key}' of the target's primary key.`)
      return own
    })
  }
  if (keys.length > 1)
    throw new ModelDefinitionError(
      meta.name,
      `the target of ${name} has a composite key (${keys.join(', ')}). Say which properties refer to it: belongsTo(…, { fk: { own: 'targets' } }).`,
    )
  return [fk ?? `${name}Id`]
}

/** The field behind a property of a key, through foreign keys that are part of it. */
function fieldOf(meta: ModelMeta, property: string, seen: Set<string>): FieldDefinition {
  const member = meta.declaration.shape[property]
  if (member?.kind === 'field') return member.definition
  for (const [name, other] of Object.entries(meta.declaration.shape)) {
    const step = meta.declaration.table + name
    if (other.kind !== 'belongsTo' || seen.has(step)) continue
    const target = meta.target(other.definition.target, name)
    const keys = primaryKeyOf(target)
    const position = foreignKeyNames(meta, name, other.definition, keys).indexOf(property)
    if (position >= 0) return fieldOf(target, keys[position] ?? '', new Set([...seen, step]))
  }
  throw new ModelDefinitionError(meta.name, `its key names '${property}', which is neither a field nor a foreign key of it.`)
}

/** The field of a foreign key: the target's type without what is the target's alone. */
function referring(field: FieldDefinition, { nullable, index = true, unique = false }: RelationDefinition): FieldDefinition {
  const { type, max, ci, precision, scale, values, native } = field
  const plain = type === 'id' ? 'int' : type === 'bigid' ? 'bigint' : type
  return {
    type: plain,
    nullable,
    ...(max !== undefined && { max }),
    ...(ci !== undefined && { ci }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(values !== undefined && { values }),
    ...(native !== undefined && { native }),
    ...(unique ? { unique } : index && { index }),
  }
}

function isField(meta: ModelMeta, property: string): boolean {
  return meta.declaration.shape[property]?.kind === 'field'
}

function isKey({ type, primary }: FieldDefinition): boolean {
  return primary === true || type === 'id' || type === 'bigid'
}

function assertName(meta: ModelMeta, property: string): void {
  if (forbidden.has(property)) throw new ModelDefinitionError(meta.name, `'${property}' cannot be the name of a column.`)
}
