import assert from 'node:assert/strict'
import { assertSame, type DriverSubject, type TestApi } from '../contract/subject.ts'
import { createDb } from '../create-db.ts'
import type { Database } from '../database.ts'
import type { ServerInfo } from '../driver.ts'
import { adaptCatalog } from './ddl/adapt.ts'
import { enumTypesThere } from './ddl/enum-types.ts'
import { renderCreate } from './ddl/render-create.ts'
import { introspect } from './introspect.ts'
import { chinook } from './samples/chinook.ts'
import { market } from './samples/market.ts'
import type { Catalog, Table } from './types.ts'

const samples: Readonly<Record<string, Catalog>> = { market, Chinook: chinook }

/** What the contract has to know of a driver under test. */
export type CatalogSubject = Pick<DriverSubject, 'create'>

/**
 * Creates the tables of a catalogue in an empty database, which may have the enum types of PostgreSQL already.
 * @throws {EnumTypeDiffersError} when one of them has other values
 */
export async function createTables(db: Database, catalog: Catalog): Promise<void> {
  const there = await enumTypesThere(db, catalog)
  const statements = renderCreate(catalog, db.dialect, await db.server())
  for (const statement of statements) if (!there.has(statement)) await db.script(statement)
}

/**
 * What reading a schema promises over every engine, as tests: an engine's package runs it against a real server.
 * `catalogContract('PostgreSQL', { describe, it }, subject)`.
 */
export function catalogContract(name: string, { describe, it }: TestApi, subject: CatalogSubject): void {
  async function withDb(test: (db: Database, server: ServerInfo) => Promise<void>): Promise<void> {
    const { definition, remove } = await subject.create()
    const db = createDb(definition)
    try {
      await test(db, await db.server())
    } finally {
      await db.close({ drain: '1s' })
      await remove()
    }
  }

  describe(`${name} keeps the contract of a catalogue`, () => {
    for (const [title, sample] of Object.entries(samples)) {
      it(`reads ${title} exactly as it was created`, () =>
        withDb(async (db, server) => {
          await createTables(db, sample)
          compare(await introspect(db), adaptCatalog(sample, db.dialect, server))
        }))

      it(`creates ${title} again from what it read`, async () => {
        let read: Catalog = { tables: [] }
        await withDb(async (db) => {
          await createTables(db, sample)
          read = await introspect(db)
        })
        await withDb(async (db, server) => {
          compare(adaptCatalog(read, db.dialect, server), read)
          await createTables(db, read)
          compare(await introspect(db), read)
        })
      })
    }

    it('reads a schema in a handful of queries, however many tables it has', () =>
      withDb(async (db) => {
        await createTables(db, market)
        let queries = 0
        db.on('query', () => {
          queries += 1
        })
        await introspect(db)
        assert.ok(queries <= 8, `${queries} queries`)
      }))

    it('reads only the tables it was asked for', () =>
      withDb(async (db) => {
        await createTables(db, chinook)
        const names = ({ tables }: Catalog): readonly string[] => tables.map((table) => table.name)
        assertSame(names(await introspect(db, { tables: ['Track', 'Album', 'Nowhere'], exclude: ['Album'] })), ['Track'])
        assert.equal(names(await introspect(db, { exclude: ['Track'] })).length, 10)
      }))

    it('finds nothing in an empty database', () => withDb(async (db) => assertSame(await introspect(db), { tables: [] })))
  })
}

/** Table by table: the difference of two whole catalogues is too long to read. */
function compare(actual: Catalog, expected: Catalog): void {
  const names = ({ tables }: Catalog): readonly string[] => tables.map(({ name }) => name)
  assertSame(names(actual), names(expected))
  const byName = new Map(actual.tables.map((table): [string, Table] => [table.name, table]))
  for (const table of expected.tables) assertSame(byName.get(table.name), table)
}
