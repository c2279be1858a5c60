import type { Database } from '@covet/db'
import { modelsOf } from '../binding.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'

/** What changes with the rows of a model, as far as the models are bound to the database. */
interface Followers {
  readonly own: readonly string[]
  /** The tables a DELETE may change. */
  deleted?: readonly string[]
  /** By property: the tables besides that change when it does. */
  readonly updated: Map<string, readonly string[]>
}

/** By the models of a database, which are another set when more of them are bound. */
const known = new WeakMap<ReadonlySet<ModelMeta>, WeakMap<ModelMeta, Followers>>()

/**
 * The tables a DELETE of the model's rows may change: its own, those whose foreign keys cascade or are set to NULL,
 * however far, and the junctions of its relations.
 */
export function tablesDeletedWith(meta: ModelMeta, database: Database): readonly string[] {
  const followers = followersOf(meta, database)
  return (followers.deleted ??= deletedWith(meta, [...modelsOf(database)]))
}

/** The tables an UPDATE of these columns may change: its own, and those that follow a key, however far. */
export function tablesUpdatedWith(
  meta: ModelMeta,
  written: readonly { readonly column: { readonly property: string } }[],
  database: Database,
): readonly string[] {
  const followers = followersOf(meta, database)
  let tables = followers.own
  for (let index = 0; index < written.length; index += 1) {
    const { property } = (written[index] as (typeof written)[number]).column
    const following = followers.updated.get(property) ?? findUpdated(followers, meta, property, database)
    if (following.length > 0) tables = [...new Set([...tables, ...following])]
  }
  return tables
}

function findUpdated({ updated }: Followers, meta: ModelMeta, property: string, database: Database): readonly string[] {
  const tables = updatedWith(meta, property, [...modelsOf(database)])
  updated.set(property, tables)
  return tables
}

function followersOf(meta: ModelMeta, database: Database): Followers {
  const models = modelsOf(database)
  const followers = known.get(models)?.get(meta)
  if (followers) return followers
  const made: Followers = { own: [meta.table], updated: new Map() }
  const byModel = known.get(models) ?? new WeakMap<ModelMeta, Followers>()
  known.set(models, byModel.set(meta, made))
  return made
}

function deletedWith(meta: ModelMeta, models: readonly ModelMeta[]): readonly string[] {
  const tables = new Set([meta.table])
  const pending = [meta]
  for (let parent = pending.pop(); parent; parent = pending.pop()) {
    for (const table of junctionsOf(parent, models)) tables.add(table)
    for (const { owner } of followingReferences(parent, 'onDelete', models)) {
      if (tables.has(owner.table)) continue
      tables.add(owner.table)
      pending.push(owner)
    }
  }
  return [...tables]
}

function updatedWith(meta: ModelMeta, property: string, models: readonly ModelMeta[]): readonly string[] {
  const tables = new Set<string>()
  const seen = new Set<string>()
  const pending = [{ meta, property }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { meta: parent, property: changed } = next
    if (parent.primaryKey.some((column) => column.property === changed)) for (const table of junctionsOf(parent, models)) tables.add(table)
    for (const { owner, definition, local, foreign } of followingReferences(parent, 'onUpdate', models)) {
      const position = foreign.findIndex((column) => column.property === changed)
      if (position === -1) continue
      tables.add(owner.table)
      for (const column of definition.onUpdate === 'setNull' ? local : local.slice(position, position + 1)) {
        const key = `${owner.table} ${column.property}`
        if (seen.has(key)) continue
        seen.add(key)
        pending.push({ meta: owner, property: column.property })
      }
    }
  }
  return [...tables]
}

/** The foreign keys to a model's rows that change with them. */
function followingReferences(
  { declaration }: ModelMeta,
  event: 'onDelete' | 'onUpdate',
  models: readonly ModelMeta[],
): readonly RelationMeta[] {
  return models.flatMap((model) =>
    Object.entries(model.declaration.shape).flatMap(([name, member]) => {
      if (member.kind !== 'belongsTo') return []
      const action = member.definition[event]
      if (action !== 'cascade' && action !== 'setNull') return []
      const relation = model.relation(name)
      return relation.target.declaration === declaration ? [relation] : []
    }),
  )
}

function junctionsOf({ declaration }: ModelMeta, models: readonly ModelMeta[]): readonly string[] {
  return models.flatMap((model) =>
    Object.entries(model.declaration.shape).flatMap(([name, { kind }]) => {
      if (kind !== 'manyToMany') return []
      const { junction, target } = model.relation(name)
      const concerned = model.declaration === declaration || target.declaration === declaration
      return junction && concerned ? [junction.table] : []
    }),
  )
}
