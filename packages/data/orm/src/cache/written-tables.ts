import type { Database } from '@covet/db'
import { modelsOf } from '../binding.ts'
import type { ModelMeta } from '../meta/model-meta.ts'

/** By the models of a database, which are another set when more of them are bound. */
const known = new WeakMap<ReadonlySet<ModelMeta>, Map<ModelMeta, readonly string[]>>()

/**
 * The tables a DELETE of the model's rows may change: its own, those whose foreign keys cascade or are set to NULL,
 * however far, and the junctions of its relations, as far as their models are bound to the database.
 */
export function tablesDeletedWith(meta: ModelMeta, database: Database): readonly string[] {
  const models = modelsOf(database)
  const byModel = known.get(models) ?? new Map<ModelMeta, readonly string[]>()
  known.set(models, byModel)
  const tables = byModel.get(meta) ?? reached(meta, [...models])
  byModel.set(meta, tables)
  return tables
}

function reached(meta: ModelMeta, models: readonly ModelMeta[]): readonly string[] {
  const tables = new Set([meta.table])
  const pending = [meta]
  for (let parent = pending.pop(); parent; parent = pending.pop()) {
    for (const table of junctionsOf(parent, models)) tables.add(table)
    for (const child of models.filter((model) => follows(model, parent))) {
      if (tables.has(child.table)) continue
      tables.add(child.table)
      pending.push(child)
    }
  }
  return [...tables]
}

function follows(child: ModelMeta, parent: ModelMeta | undefined): boolean {
  return Object.entries(child.declaration.shape).some(([name, member]) => {
    if (member.kind !== 'belongsTo') return false
    const { onDelete } = member.definition
    return (onDelete === 'cascade' || onDelete === 'setNull') && child.relation(name).target.declaration === parent?.declaration
  })
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
