import type { Database, MaybePromise, ServerInfo } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { chained } from '../maybe.ts'
import { isMariaDb } from '../write/server.ts'

/**
 * MySQL's aggregate of JSON has no order and no limit.
 * @throws {InvalidQueryError} on MySQL
 */
export function assertOrderedJson(database: Database): MaybePromise<void> {
  return database.dialect === 'mysql' ? chained(database.server(), assertMariaDb) : undefined
}

function assertMariaDb(server: ServerInfo): void {
  if (!isMariaDb(server))
    throw new InvalidQueryError(`eager('json') needs MariaDB, PostgreSQL or SQLite, and this is ${server.product}: leave it out.`)
}
