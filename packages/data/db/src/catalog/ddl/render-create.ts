import type { ServerInfo } from '../../driver.ts'
import type { Catalog } from '../types.ts'
import { adaptCatalog } from './adapt.ts'
import { engineOf } from './engine.ts'
import { creationOrder } from './order.ts'
import { afterTable, beforeTables, createIndex, createTable } from './table.ts'
import { addForeignKey } from './constraints.ts'

/**
 * The statements that create the tables of a catalogue in an empty database, in order; `server` for what PostgreSQL, MySQL
 * and MariaDB of several versions differ in. Foreign keys of tables that refer to each other come last.
 * @throws {SchemaUnsupportedError}
 */
export function renderCreate(catalog: Catalog, dialect: string, server?: ServerInfo): string[] {
  const engine = engineOf(dialect, server)
  const { tables, late } = creationOrder(adaptCatalog(catalog, dialect, server), engine)
  return [
    ...beforeTables(catalog, engine),
    ...tables.flatMap((table) => [
      createTable(table, engine),
      ...table.indexes.flatMap((index) => createIndex(table, index, engine)),
      ...afterTable(table, engine),
    ]),
    ...late.map(({ table, key }) => addForeignKey(table, key, engine)),
  ]
}
