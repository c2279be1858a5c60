import { InvalidQueryError } from '../errors.ts'
import type { SqlDialect } from './dialect.ts'
import { mysql } from './dialects/mysql.ts'
import { postgres } from './dialects/postgres.ts'
import { sqlite } from './dialects/sqlite.ts'

const dialects: ReadonlyMap<string, SqlDialect> = new Map([sqlite, postgres, mysql].map((dialect) => [dialect.name, dialect]))

/** @throws {InvalidQueryError} for an engine the ORM does not know */
export function dialectOf(name: string): SqlDialect {
  const dialect = dialects.get(name)
  if (!dialect) throw new InvalidQueryError(`The ORM does not know the dialect '${name}'; it knows ${[...dialects.keys()].join(', ')}.`)
  return dialect
}
