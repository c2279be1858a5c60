import type { Database } from '../database.ts'
import { driverOf } from '../driver-of.ts'
import { IntrospectionUnsupportedError } from './errors.ts'
import { sortCatalog } from './sort.ts'
import type { Catalog, Table } from './types.ts'

export interface IntrospectOptions {
  /** @default the schema that unqualified names mean: `main` of SQLite, `current_schema()`, the database of MySQL */
  readonly schema?: string
  /** Only these. @default all tables that are no engine's, extension's or virtual table's own */
  readonly tables?: readonly string[]
  /** None of these. */
  readonly exclude?: readonly string[]
}

/**
 * The tables of a database, read from the engine's own catalogue in a few queries, in the normal form: sorted, and with
 * expressions in one spelling. Views are left out; a table that another schema's refers to is named with its schema.
 * @throws {IntrospectionUnsupportedError} when the driver cannot
 */
export async function introspect(database: Database, options: IntrospectOptions = {}): Promise<Catalog> {
  const driver = driverOf(database)
  if (!driver?.introspect) throw new IntrospectionUnsupportedError(database.dialect)
  const { tables } = await driver.introspect(database, options)
  const { tables: only, exclude = [] } = options
  const isWanted = ({ name }: Table): boolean => (!only || only.includes(name)) && !exclude.includes(name)
  return sortCatalog({ tables: tables.filter(isWanted) })
}
