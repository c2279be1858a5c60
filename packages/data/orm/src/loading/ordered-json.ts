import type { Database, MaybePromise } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'

const known = new WeakSet<Database>()

/**
 * MySQL's aggregate of JSON has no order and no limit.
 * @throws {InvalidQueryError} on MySQL
 */
export function assertOrderedJson(database: Database): MaybePromise<void> {
  return database.dialect !== 'mysql' || known.has(database) ? undefined : ask(database)
}

async function ask(database: Database): Promise<void> {
  const { product } = await database.server()
  if (product !== 'MariaDB')
    throw new InvalidQueryError(`eager('json') needs MariaDB, PostgreSQL or SQLite, and this is ${product}: leave it out.`)
  known.add(database)
}
