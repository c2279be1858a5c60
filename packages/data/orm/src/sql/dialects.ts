import { InvalidQueryError } from '../errors.ts'
import type { SqlDialect } from './dialect.ts'
import { mysql } from './dialects/mysql.ts'
import { postgres } from './dialects/postgres.ts'
import { sqlite } from './dialects/sqlite.ts'

const all = [sqlite, postgres, mysql]
const dialects: ReadonlyMap<string, SqlDialect> = new Map(all.map((dialect) => [dialect.name, dialect]))
const padding: ReadonlySet<string> = new Set(all.filter(({ lists }) => lists === 'padded').map(({ name }) => name))

/** Whether each value of a list is a parameter of its own. */
export function padsLists(name: string): boolean {
  return padding.has(name)
}

/** @throws {InvalidQueryError} for an engine the ORM does not know */
export function dialectOf(name: string): SqlDialect {
  const dialect = dialects.get(name)
  if (!dialect) throw new InvalidQueryError(`The ORM does not know the dialect '${name}'; it knows ${[...dialects.keys()].join(', ')}.`)
  return dialect
}
