import { adaptCatalog, type Catalog, foldTypeChecks, renderCreate } from '@covet/db/catalog'
import { catalogContract, chinook, chinookRows, market, type TestApi } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import type { ConnectionDefinition, Database } from '../src/index.ts'
import { nodeSqlite } from './support/node-sqlite.ts'

/** A driver that answers `introspect` as it is told. */
function reading(read: (db: Database, expected: Catalog) => Promise<Catalog> | Catalog): ConnectionDefinition {
  const { connection, ...definition } = nodeSqlite()
  return {
    ...definition,
    connection: { ...connection, driver: { ...connection.driver, introspect: async (db) => read(db, await expectedOf(db)) } },
  }
}

/** What a right answer is, by the tables that are there. */
async function expectedOf(db: Database): Promise<Catalog> {
  const rows = await db.sql<{ name: string }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite%'`
  const sample = [market, chinook].find(({ tables }) => tables.length === rows.length)
  return sample ? adaptCatalog(sample, 'sqlite') : { tables: [] }
}

/** The titles of the contract's tests that fail. */
async function failuresOf(definition: () => ConnectionDefinition): Promise<readonly string[]> {
  const tests: (readonly [string, () => Promise<void>])[] = []
  const api: TestApi = { describe: (_, body) => body(), it: (title, body) => void tests.push([title, body]) }
  catalogContract('a driver', api, { create: async () => ({ definition: definition(), remove: async () => undefined }) })
  const failed: string[] = []
  for (const [title, test] of tests) await test().catch(() => failed.push(title))
  return failed
}

describe('the contract of a catalogue', () => {
  it('is kept by a driver that reads what is there', async () => {
    expect(await failuresOf(() => reading((_, expected) => expected))).toEqual([])
  })

  it('is broken by one that misses a default, and by one that asks table by table', async () => {
    const forgetful = ({ tables }: Catalog): Catalog => ({
      tables: tables.map((table) => ({ ...table, columns: table.columns.map(({ default: _, ...column }) => column) })),
    })
    expect(await failuresOf(() => reading((_, expected) => forgetful(expected)))).toEqual(['reads market exactly as it was created'])
    const slow = reading(async (db, expected) => {
      for (const _ of expected.tables) await db.sql`select 1`
      return expected
    })
    expect(await failuresOf(() => slow)).toEqual(['reads a schema in a handful of queries, however many tables it has'])
  })
})

describe('the sample databases', () => {
  it('are a marketplace of 20 tables and Chinook, whose rows fit its columns', () => {
    expect(market.tables).toHaveLength(20)
    expect(chinook.tables).toHaveLength(11)
    for (const [name, rows] of chinookRows) {
      const columns = chinook.tables.find((table) => table.name === name)?.columns.map((column) => column.name)
      for (const row of rows) expect(columns).toEqual(expect.arrayContaining(Object.keys(row)))
    }
  })

  it.each(['sqlite', 'postgres', 'mysql'])('are adapted once and for all: a second time changes nothing on %s', (dialect) => {
    for (const sample of [market, chinook]) {
      const adapted = adaptCatalog(sample, dialect)
      expect(adaptCatalog(adapted, dialect)).toEqual(adapted)
      expect(renderCreate(adapted, dialect)).toEqual(renderCreate(sample, dialect))
      expect(JSON.parse(JSON.stringify(adapted))).toEqual(adapted)
    }
  })
})

describe('checks that belong to types', () => {
  const table = {
    name: 't',
    primaryKey: [],
    foreignKeys: [],
    uniques: [],
    indexes: [],
    columns: [
      { name: 'kind', type: { kind: 'string', max: 255 }, nullable: true },
      { name: 'name', type: { kind: 'text', ci: true }, nullable: true },
      { name: 'meta', type: { kind: 'text' }, nullable: true },
    ],
  } as const

  it('complete the types when they have the usual name, or the column itself', () => {
    const folded = foldTypeChecks(
      table,
      [
        { name: 't_kind_check', expression: "kind in ('a', 'b')" },
        { name: 't_name_check', expression: 'length(name) <= 40' },
        { name: 'meta', column: 'meta', expression: 'json_valid(meta)' },
      ],
      'mysql',
    )
    expect(folded.columns.map(({ type }) => type)).toEqual([
      { kind: 'enum', values: ['a', 'b'] },
      { kind: 'string', max: 40, ci: true },
      { kind: 'json' },
    ])
    expect(folded.checks).toEqual([])
  })

  it('stay what they are otherwise', () => {
    const checks = [
      { name: 'own_name', expression: "kind in ('a', 'b')" },
      { name: 't_kind_check', expression: "name in ('a', 'b')" },
      { name: 't_meta_check', expression: 'length(meta) <= 40' },
      { name: 't_name_check', expression: 'length(name) < 40' },
    ]
    const { checks: kept, columns } = foldTypeChecks(table, checks, 'postgres')
    expect(kept).toEqual(checks)
    expect(columns).toEqual(table.columns)
  })
})
