import type { ServerInfo } from '../../driver.ts'
import type { CatalogDialect } from '../types.ts'
import { SchemaUnsupportedError } from '../errors.ts'

/** What decides on the SQL of a schema: the dialect, and for what its servers differ in, the server. */
export interface Engine {
  readonly dialect: CatalogDialect
  readonly title: string
  /** A type UUID. */
  readonly uuid: boolean
  /** JSON is a type, and not text with a check. */
  readonly json: boolean
  /** Columns of unlimited length have their default in parentheses. */
  readonly wrapsDefaults: boolean
  /** Indexes of expressions. */
  readonly expressionIndexes: boolean
  readonly partialIndexes: boolean
  /** Generated columns that say not null. */
  readonly generatedNotNull: boolean
  /** The collation that tells every two texts apart, trailing spaces too. */
  readonly exactCollation?: string
}

/** Without a server: PostgreSQL 15, MariaDB 10.11, SQLite 3.45. */
export function engineOf(dialect: string, server?: ServerInfo): Engine {
  switch (dialect) {
    case 'sqlite':
      return { ...alike, dialect, title: 'SQLite', uuid: true, json: false, partialIndexes: true, expressionIndexes: true }
    case 'postgres':
      return { ...alike, dialect, title: 'PostgreSQL', uuid: true, json: true, partialIndexes: true, expressionIndexes: true }
    case 'mysql':
      return server?.product === 'MySQL' ? mysql : { ...mariadb, uuid: !server || isAtLeast(server, 10, 7) }
    default:
      throw new SchemaUnsupportedError(dialect, 'known schema language', 'The dialects are sqlite, postgres and mysql.')
  }
}

const alike = { wrapsDefaults: false, generatedNotNull: true }

const mysql: Engine = {
  dialect: 'mysql',
  title: 'MySQL',
  uuid: false,
  json: true,
  wrapsDefaults: true,
  expressionIndexes: true,
  partialIndexes: false,
  generatedNotNull: true,
  exactCollation: 'utf8mb4_0900_bin',
}

const mariadb: Engine = {
  ...mysql,
  title: 'MariaDB',
  uuid: true,
  json: false,
  wrapsDefaults: false,
  expressionIndexes: false,
  generatedNotNull: false,
  exactCollation: 'utf8mb4_nopad_bin',
}

function isAtLeast({ version: [major, minor] }: ServerInfo, wantedMajor: number, wantedMinor: number): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}
