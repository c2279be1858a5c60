import type { Database } from '@covet/db'
import { createTables as createAll } from '@covet/db/testing'
import type { ModelClass } from '../meta/model-meta.ts'
import { catalogOf } from '../schema/catalog-of.ts'

/**
 * Creates the tables of the models, junctions included, in a database that has none of them: for tests. An application
 * creates its tables by migrations.
 */
export async function createTables(database: Database, models: readonly ModelClass[]): Promise<void> {
  await createAll(database, catalogOf(models))
}
