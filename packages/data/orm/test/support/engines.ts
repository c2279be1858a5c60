import { createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { afterAll, describe } from '@jest/globals'
import { describeMysql } from '../../../mysql/test/support/mysql.ts'
import type { ModelClass } from '../../src/meta/model-meta.ts'
import { bind } from '../../src/binding.ts'
import { catalogOf } from '../../src/schema/catalog-of.ts'
import { createTables } from '../../src/testing.ts'
import { fileDatabase } from './file-database.ts'

/** A database of its own, with the tables of the models, which are bound to it until it is disposed of. */
export interface OpenDatabase extends AsyncDisposable {
  readonly db: Database
  /** Of PostgreSQL and MariaDB: where another process finds it. */
  readonly url: string
  /** The texts of the statements sent since it was opened or since `clear`. */
  readonly statements: string[]
  clear(): void
}

/**
 * @param models whose tables are made
 * @param alone for what the database remembers longer than a test takes: no test before had it, and none after gets it
 */
export type Open = (models?: readonly ModelClass[], alone?: 'alone') => Promise<OpenDatabase>

export type Product = 'SQLite' | 'PostgreSQL' | 'MariaDB' | 'MySQL'

interface Space {
  readonly db: Database
  readonly url: string
  /** Removes all rows, and what the engine remembers of them. */
  empty(tables: readonly string[]): Promise<void>
  /** Where more than the connections has to go. */
  close?(): Promise<void>
}

type Body = (open: Open, dialect: string, product: Product) => void

/**
 * Those of `onEachEngine`, and SQLite in a file: with readers beside the writer, where a database in memory has one
 * connection. For tests of what happens at the same time.
 */
export function onEachEngineAndFile(title: string, body: Body): void {
  onEachEngine(title, body)
  describe(`${title} on SQLite in a file`, () => body(openWith(fileSpace, false), 'sqlite', 'SQLite'))
}

/** The same tests on SQLite, PostgreSQL and MariaDB, always, and on MySQL 8, where MYSQL_URL names one. */
export function onEachEngine(title: string, body: Body): void {
  onAllButMysql(title, body)
  describeMysql(title, (open) => {
    body(
      openWith(async () => mysqlSpace((await open()).url), true),
      'mysql',
      'MySQL',
    )
  })
}

/** For what MySQL refuses. */
export function onAllButMysql(title: string, body: Body): void {
  describe(`${title} on SQLite`, () => {
    body(
      openWith(async () => ({ db: createDb(sqlite({ file: ':memory:' })), url: '', empty: async () => undefined }), false),
      'sqlite',
      'SQLite',
    )
  })
  describeWith('postgres', `${title} on PostgreSQL`, (open) => {
    const connect = async (): Promise<Space> => {
      const { url } = await open()
      const db = createDb(postgres({ url }))
      const empty = (tables: readonly string[]): Promise<void> =>
        db.script(`truncate ${tables.map((name) => `"${name}"`).join(', ')} restart identity cascade`)
      return { db, url, empty }
    }
    body(openWith(connect, true), 'postgres', 'PostgreSQL')
  })
  describeWith('mariadb', `${title} on MariaDB`, (open) => {
    body(
      openWith(async () => mysqlSpace((await open()).url), true),
      'mysql',
      'MariaDB',
    )
  })
}

async function fileSpace(): Promise<Space> {
  const file = await fileDatabase([])
  return { db: file.db, url: '', empty: async () => undefined, close: async () => file[Symbol.asyncDispose]() }
}

function mysqlSpace(url: string): Space {
  const db = createDb(mysql({ url }))
  const empty = (tables: readonly string[]): Promise<void> =>
    db.withConnection(async (connection) => {
      await connection.script('set foreign_key_checks = 0')
      for (const name of tables) await connection.script(`truncate \`${name}\``)
      await connection.script('set foreign_key_checks = 1')
    })
  return { db, url, empty }
}

/** @param reuses a database takes long to make: it is emptied after a test and serves the next one with the same models */
function openWith(connect: () => Promise<Space>, reuses: boolean): Open {
  const idle = new Map<string, Space[]>()
  afterAll(() => Promise.all([...idle.values()].flat().map(({ db }) => db.close({ drain: 0 }))))
  return async (models = [], alone) => {
    const isKept = reuses && alone === undefined
    const tables = catalogOf(models).tables.map(({ name }) => name)
    const key = tables.join()
    const known = isKept ? idle.get(key)?.pop() : undefined
    const { db, url, empty, close } = known ?? (await connect())
    if (!known) await createTables(db, models)
    const statements: string[] = []
    const stop = db.on('query', ({ text }) => statements.push(text))
    const unbind = bind(models, db)
    return {
      db,
      url,
      statements,
      clear: () => statements.splice(0),
      async [Symbol.asyncDispose]() {
        unbind()
        stop()
        if (!isKept) return close ? close() : db.close({ drain: 0 })
        if (tables.length > 0) await empty(tables)
        idle.set(key, [...(idle.get(key) ?? []), { db, url, empty }])
      },
    }
  }
}
