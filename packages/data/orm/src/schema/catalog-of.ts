import type { Catalog, Table } from '@covet/db/catalog'
import type { ModelClass, ModelMeta } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import { junctionTables } from './junction-table.ts'
import { uniqueForeignKeys } from './one-to-one.ts'
import { tableOf } from './table-of.ts'

/**
 * The tables that models describe, junctions included: what `renderCreate` of `@covet/db/catalog` makes SQL of. A model and
 * its subclasses share one table.
 * @param models all of them: a one-to-one relation makes the foreign key of another model unique
 * @throws {ModelDefinitionError} when a relation leads nowhere, or an engine computes a column nobody said how
 */
export function catalogOf(models: readonly ModelClass[]): Catalog {
  const metas = byTable(models)
  const oneToOne = uniqueForeignKeys(metas)
  const tables = new Map<string, Table>()
  for (const meta of metas) tables.set(meta.table, tableOf(meta, oneToOne.get(meta.declaration) ?? []))
  for (const meta of metas) for (const table of junctionTables(meta)) if (!tables.has(table.name)) tables.set(table.name, table)
  return { tables: [...tables.values()] }
}

function byTable(models: readonly ModelClass[]): readonly ModelMeta[] {
  const metas = new Map<object, ModelMeta>()
  for (const model of models) {
    const meta = metaOf(model)
    if (!metas.has(meta.declaration)) metas.set(meta.declaration, meta)
  }
  return [...metas.values()]
}
