import { createDb } from '@covet/db'
import { adaptCatalog, introspect, renderCreate, type Table } from '@covet/db/catalog'
import { catalogContract } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import { mysql } from '../src/index.ts'
import { describeServers } from './support/servers.ts'

describeServers('the catalogue', (server) => {
  const info = { product: server.product, version: server.product === 'MySQL' ? [8, 0, 0] : [10, 11, 0] } as const

  catalogContract(
    server.product,
    { describe, it },
    {
      async create() {
        const { url, drop } = await server.open()
        return { definition: mysql({ url }), remove: drop }
      },
      server: () => info,
    },
  )

  async function read(...statements: readonly string[]): Promise<readonly Table[]> {
    const { url } = await server.open()
    await using db = createDb(mysql({ url }))
    for (const statement of statements) await db.script(statement)
    const { tables } = await introspect(db)
    return tables
  }

  async function readTable(...statements: readonly string[]): Promise<Table> {
    const [table] = await read(...statements)
    if (!table) throw new Error('There is no table.')
    return table
  }

  describe('trap 42: what MySQL and MariaDB say in their own way', () => {
    it('reads types by any of their names', async () => {
      const { columns } = await readTable(`
        create table t (a tinyint(1), b tinyint, c int unsigned, d mediumint, e bit, f bit(8), g year, h float, i decimal(9, 2), j char(3), k varchar(9), l tinytext,
          m enum('x', 'it''s, y'), n set('p', 'q'), o binary(4), p varbinary(9), q blob, r time(2), s datetime(6), t timestamp null, u date, v bigint(20),
          w varchar(9) character set utf8mb4 collate utf8mb4_bin, x text character set utf8mb4 collate utf8mb4_bin) character set utf8mb4 collate utf8mb4_unicode_ci`)
      expect(columns.map(({ type }) => type)).toEqual([
        { kind: 'boolean' },
        { kind: 'integer', bits: 8 },
        { kind: 'integer', bits: 32, unsigned: true },
        { kind: 'integer', bits: 24 },
        { kind: 'boolean' },
        { kind: 'other' },
        { kind: 'integer', bits: 16 },
        { kind: 'float', bits: 32 },
        { kind: 'decimal', precision: 9, scale: 2 },
        { kind: 'string', max: 3, fixed: true, ci: true },
        { kind: 'string', max: 9, ci: true },
        { kind: 'text', ci: true },
        { kind: 'enum', values: ['x', "it's, y"] },
        { kind: 'other' },
        { kind: 'bytes', max: 4 },
        { kind: 'bytes', max: 9 },
        { kind: 'bytes' },
        { kind: 'time', precision: 2 },
        { kind: 'datetime', precision: 6 },
        { kind: 'datetime', precision: 0 },
        { kind: 'date' },
        { kind: 'integer', bits: 64 },
        { kind: 'string', max: 9 },
        { kind: 'text' },
      ])
      expect(columns.find(({ name }) => name === 'v')?.native).toBe('bigint')
    })

    it('reads defaults, however the server prints them', async () => {
      const { columns } = await readTable(`
        create table t (a varchar(9) default 'it''s', b int default -1, c decimal(9, 2) default 1.5, d tinyint(1) not null default 1, e varchar(9) default null,
          f datetime(3) default '2024-03-10 02:30:00.123', g datetime(3) default current_timestamp(3) on update current_timestamp(3),
          h int default (2 + 3), i date default '2024-02-29', j time default '07:30', k varchar(9) default '\\\\', l varchar(20) default 'current_timestamp')`)
      expect(columns.map((each) => each.default)).toEqual([
        { kind: 'literal', value: "it's" },
        { kind: 'literal', value: -1 },
        { kind: 'literal', value: '1.5' },
        { kind: 'literal', value: true },
        undefined,
        { kind: 'literal', value: '2024-03-10T02:30:00.123Z' },
        { kind: 'expression', sql: 'current_timestamp' },
        { kind: 'expression', sql: '2 + 3' },
        { kind: 'literal', value: '2024-02-29' },
        { kind: 'literal', value: '07:30:00' },
        { kind: 'literal', value: '\\' },
        { kind: 'literal', value: 'current_timestamp' },
      ])
      expect(columns.find(({ name }) => name === 'g')?.onUpdate).toBe('current_timestamp')
    })

    it('takes the index that a foreign key brought for a part of the key, and no other index', async () => {
      const [children] = await read(
        'create table parents (id bigint primary key)',
        `create table children (a bigint, b bigint, key own (b), constraint ka foreign key (a) references parents (id), constraint kb foreign key (b) references parents (id))`,
      )
      expect(children?.indexes.map(({ name }) => name)).toEqual(['own'])
      expect(children?.foreignKeys.map(({ name, columns }) => [name, columns])).toEqual([
        ['ka', ['a']],
        ['kb', ['b']],
      ])
    })

    it('reads indexes of beginnings, of words and in both orders', async () => {
      const { indexes, uniques } = await readTable(`
        create table t (a varchar(200), b text, c int, unique key one (c), unique key two (a(10)), key three (b(20), c desc), fulltext key four (b), unique key five (c desc))`)
      expect(uniques).toEqual([{ name: 'one', columns: ['c'] }])
      expect(indexes).toEqual([
        { name: 'five', parts: [{ column: 'c', order: 'desc' }], unique: true },
        { name: 'four', parts: [{ column: 'b' }], unique: false, method: 'fulltext' },
        {
          name: 'three',
          parts: [
            { column: 'b', length: 20 },
            { column: 'c', order: 'desc' },
          ],
          unique: false,
        },
        { name: 'two', parts: [{ column: 'a', length: 10 }], unique: true },
      ])
    })

    it('reads checks and generated columns in the common spelling (trap 44)', async () => {
      const { checks, columns } = await readTable(`
        create table t (a varchar(9), b int, c int, constraint k1 check (a in ('x', 'y') and char_length(a) < 5), constraint k2 check (b mod 2 = 0 or b between 1 and 9),
          constraint k3 check (not (b = 1 or c > 2)), constraint k4 check (concat(a, '-', 'z') <> lower(a)), d int as (b * (c + 1)) stored, e int as (length(a)) virtual)
          comment 'a table'`)
      expect(checks.map(({ expression }) => expression)).toEqual([
        "a in ('x', 'y') and length(a) < 5",
        'b % 2 = 0 or b >= 1 and b <= 9',
        'b <> 1 and c <= 2',
        "a || '-' || 'z' <> lower(a)",
      ])
      expect(columns.map(({ generated }) => generated).filter((each) => each !== undefined)).toEqual([
        { expression: 'b * (c + 1)', stored: true },
        { expression: 'octet_length(a)', stored: false },
      ])
    })

    it('leaves out views, and tells the comments', async () => {
      const tables = await read("create table t (a int comment 'it''s a') comment 'a table'", 'create view v as select a from t')
      expect(tables).toHaveLength(1)
      expect(tables[0]).toMatchObject({ comment: 'a table', columns: [{ comment: "it's a" }] })
    })
  })

  it('keeps a partial unique index by a generated column, and holds the rows to it', async () => {
    const { url } = await server.open()
    await using db = createDb(mysql({ url }))
    const catalog = {
      tables: [
        {
          name: 'users',
          columns: [
            { name: 'id', type: { kind: 'integer', bits: 64 }, nullable: false, identity: 'by default' },
            { name: 'handle', type: { kind: 'string', max: 40 }, nullable: false },
            { name: 'deleted_at', type: { kind: 'datetime', precision: 3 }, nullable: true },
          ],
          primaryKey: ['id'],
          foreignKeys: [],
          uniques: [],
          indexes: [{ name: 'users_handle_idx', parts: [{ column: 'handle' }], unique: true, where: 'deleted_at is null' }],
          checks: [],
        },
      ],
    } as const
    for (const statement of renderCreate(catalog, 'mysql', info)) await db.script(statement)
    expect(await introspect(db)).toEqual(adaptCatalog(catalog, 'mysql', info))
    await db.sql`insert into users (handle, deleted_at) values ('ada', '2024-01-01'), ('ada', '2024-01-02'), ('ada', null)`
    await expect(db.sql`insert into users (handle) values ('ada')`).rejects.toMatchObject({ code: 'db/unique-violation' })
  })
})
