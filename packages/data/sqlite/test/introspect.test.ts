import { createDb } from '@covet/db'
import { type Column, type ColumnType, introspect, renderCreate, type Table } from '@covet/db/catalog'
import { catalogContract } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import { sqlite } from '../src/index.ts'
import { temporaryFile } from './support/temporary-file.ts'

catalogContract(
  'SQLite',
  { describe, it },
  {
    async create() {
      const { file, remove } = temporaryFile()
      return { definition: sqlite({ file, durability: 'normal' }), remove }
    },
  },
)

async function read(script: string): Promise<readonly Table[]> {
  await using db = createDb(sqlite({ file: ':memory:' }))
  await db.script(script)
  const { tables } = await introspect(db)
  return tables
}

async function readTable(script: string): Promise<Table> {
  const [table] = await read(script)
  if (!table) throw new Error('There is no table.')
  return table
}

function column(table: Table, name: string): Column | undefined {
  return table.columns.find((each) => each.name === name)
}

describe('trap 41: what a SQLite schema hides in its text', () => {
  it('tells AUTOINCREMENT, which never gives a number again, from the number of a row', async () => {
    const [a, b, c] = await read(`
      create table a (id integer primary key autoincrement);
      create table b (id INTEGER, other text, primary key (id));
      create table c (id bigint primary key)`)
    expect(a?.columns[0]).toEqual({ name: 'id', type: { kind: 'integer', bits: 64 }, native: 'INTEGER', nullable: false, identity: 'by default' })
    expect(b?.columns[0]?.identity).toBe('rowid')
    expect(c?.columns[0]).toEqual({ name: 'id', type: { kind: 'integer', bits: 64 }, native: 'bigint', nullable: false })
  })

  it('says which tables are STRICT or WITHOUT ROWID', async () => {
    const [both, neither] = await read(`
      create table both (id integer primary key, body text) strict, without rowid;
      create table neither (id integer primary key)`)
    expect(both?.sqlite).toEqual({ strict: true, withoutRowid: true })
    expect(column(both as Table, 'id')?.identity).toBeUndefined()
    expect(neither?.sqlite).toBeUndefined()
  })

  it('leaves out virtual tables with the tables they store in, views, and its own', async () => {
    const tables = await read(`
      create table posts (id integer primary key autoincrement, body text);
      insert into posts (body) values ('x');
      create virtual table search using fts5 (body);
      create view bodies as select body from posts`)
    expect(tables.map(({ name }) => name)).toEqual(['posts'])
  })

  it('reads generated columns of both kinds', async () => {
    const table = await readTable(`
      create table lines (price integer, quantity integer, total integer generated always as (price * (quantity)) stored,
        half as (price / 2), words text as (case when price > 9 then 'dear' else 'cheap, or (free)' end) virtual)`)
    expect(column(table, 'total')?.generated).toEqual({ expression: 'price * quantity', stored: true })
    expect(column(table, 'half')).toMatchObject({ native: '', generated: { expression: 'price / 2', stored: false } })
    expect(column(table, 'words')?.generated?.expression).toBe("case when price > 9 then 'dear' else 'cheap, or (free)' end")
  })

  it('reads partial and expression indexes in any spelling', async () => {
    const { indexes } = await readTable(`
      create table t (a text, "B c" text, d integer);
      create unique index one on t (lower(a), "B c" desc, substr(a, 1, 2) COLLATE nocase ASC) where (d IS NOT NULL and [B c] != '');
      create index two on t (a collate nocase)`)
    expect(indexes).toEqual([
      {
        name: 'one',
        parts: [{ expression: 'lower(a)' }, { column: 'B c', order: 'desc' }, { expression: 'substr(a, 1, 2) COLLATE nocase' }],
        unique: true,
        where: `d is not null and "B c" <> ''`,
      },
      { name: 'two', parts: [{ column: 'a' }], unique: false },
    ])
  })

  it('reads foreign keys with and without names, targets and a time to be checked at', async () => {
    const [children] = await read(`
      create table children (
        a integer constraint first references parents on delete set null on update set default deferrable initially deferred not null,
        b integer references parents (id) not deferrable, c integer, d integer, e integer references parents default 5 check (e > 0),
        constraint pair foreign key (c, d) references pairs (x, y) on delete cascade deferrable
        constraint glued unique (a, b));
      create table pairs (x integer, y integer, primary key (y, x), unique (x, y));
      create table parents (id integer primary key)`)
    const none = { onDelete: 'no action', onUpdate: 'no action' }
    expect(children?.foreignKeys).toEqual([
      { columns: ['b'], references: { table: 'parents', columns: ['id'] }, ...none },
      { columns: ['e'], references: { table: 'parents', columns: ['id'] }, ...none },
      {
        name: 'first',
        columns: ['a'],
        references: { table: 'parents', columns: ['id'] },
        onDelete: 'set null',
        onUpdate: 'set default',
        deferrable: 'deferred',
      },
      {
        name: 'pair',
        columns: ['c', 'd'],
        references: { table: 'pairs', columns: ['x', 'y'] },
        onDelete: 'cascade',
        onUpdate: 'no action',
        deferrable: 'immediate',
      },
    ])
    expect(children?.uniques).toEqual([{ name: 'glued', columns: ['a', 'b'] }])
    expect(children?.checks).toEqual([{ expression: 'e > 0' }])
    expect(column(children as Table, 'e')?.default).toEqual({ kind: 'literal', value: 5 })
  })

  it('is not led astray by comments, quotes and names that look like keywords', async () => {
    const table = await readTable(`
      create table "the (table), ""quoted""" ( -- a comment, with (parentheses
        [check] text default 'it''s (a, b)', /* unique ( */ \`unique\` integer not null unique,
        "primary" text check ("primary" <> ')'), "not null" blob)`)
    expect(table.name).toBe('the (table), "quoted"')
    expect(table.columns.map(({ name }) => name)).toEqual(['check', 'unique', 'primary', 'not null'])
    expect(column(table, 'check')?.default).toEqual({ kind: 'literal', value: "it's (a, b)" })
    expect(table.uniques).toEqual([{ columns: ['unique'] }])
    expect(table.checks).toEqual([{ expression: `"primary" <> ')'` }])
  })
})

describe('the types of SQLite', () => {
  it('are taken from the usual names of declared types', async () => {
    const declared: readonly (readonly [string, ColumnType])[] = [
      ['INT', { kind: 'integer', bits: 32 }],
      ['TINYINT(1)', { kind: 'boolean' }],
      ['tinyint', { kind: 'integer', bits: 16 }],
      ['UNSIGNED BIG INT', { kind: 'integer', bits: 64 }],
      ['bool', { kind: 'boolean' }],
      ['VARCHAR', { kind: 'string' }],
      ['character varying(20)', { kind: 'string', max: 20 }],
      ['NCHAR(3)', { kind: 'string', max: 3, fixed: true }],
      ['text collate nocase', { kind: 'text', ci: true }],
      ['varchar(9) collate nocase', { kind: 'string', max: 9, ci: true }],
      ['NUMERIC(10, 2)', { kind: 'float', bits: 64 }],
      ['DECIMAL_INTEGER(10,2)', { kind: 'decimal', precision: 10, scale: 2 }],
      ['DECIMAL_TEXT', { kind: 'decimal' }],
      ['datetime', { kind: 'datetime', precision: 3 }],
      ['timestamp(6)', { kind: 'datetime', precision: 6 }],
      ['TIME(3)', { kind: 'time', precision: 3 }],
      ['json', { kind: 'json' }],
      ['geometry', { kind: 'other' }],
    ]
    const { columns } = await readTable(`create table t (${declared.map(([type], index) => `c${index} ${type}`).join(', ')})`)
    expect(columns.map(({ type }) => type)).toEqual(declared.map(([, type]) => type))
  })

  it('are completed by the checks that belong to them, and by no others', async () => {
    const table = await readTable(`
      create table t (
        kind text check (kind in ('a', 'b''s')), single text, meta text check (json_valid(meta)), code varchar check (length(code) <= 7),
        flag boolean check (flag in (0, 1)), state text,
        constraint t_single_check check (single = 'only'), constraint states check (state in ('on', 'off')), check (length(kind) < 9))`)
    expect(table.columns.map(({ type }) => type)).toEqual([
      { kind: 'enum', values: ['a', "b's"] },
      { kind: 'enum', values: ['only'] },
      { kind: 'json' },
      { kind: 'string', max: 7 },
      { kind: 'boolean' },
      { kind: 'text' },
    ])
    expect(table.checks).toEqual([{ expression: 'length(kind) < 9' }, { name: 'states', expression: "state in ('on', 'off')" }])
  })
})

describe('the tables that a catalogue renders for SQLite', () => {
  it('hold values to their types', async () => {
    const file = ':memory:'
    await using db = createDb(sqlite({ file }))
    const statements = renderCreate(
      {
        tables: [
          {
            name: 't',
            columns: [
              { name: 'id', type: { kind: 'integer', bits: 64 }, nullable: false, identity: 'by default' },
              { name: 'code', type: { kind: 'string', max: 3 }, nullable: true },
              { name: 'kind', type: { kind: 'enum', values: ['a', 'b'] }, nullable: true },
              { name: 'meta', type: { kind: 'json' }, nullable: true },
              { name: 'flag', type: { kind: 'boolean' }, nullable: true },
              { name: 'key', type: { kind: 'uuid' }, nullable: false, default: { kind: 'expression', sql: 'uuid()' } },
              { name: 'at', type: { kind: 'datetime', precision: 3 }, nullable: false, default: { kind: 'expression', sql: 'current_timestamp' } },
              { name: 'price', type: { kind: 'decimal', precision: 10, scale: 2 }, nullable: false, default: { kind: 'literal', value: '-0.5' } },
            ],
            primaryKey: ['id'],
            foreignKeys: [],
            uniques: [],
            indexes: [],
            checks: [],
          },
        ],
      },
      'sqlite',
    )
    for (const statement of statements) await db.script(statement)
    for (const wrong of ["(code) values ('four')", "(kind) values ('c')", "(meta) values ('{')", '(flag) values (2)']) {
      await expect(db.script(`insert into t ${wrong}`)).rejects.toMatchObject({ code: 'db/check-violation' })
    }
    const meta = '1.0'
    await db.sql`insert into t (meta) values (${meta})`
    const row = await db.sql.first<{ key: string; at: string }>`select typeof(meta) as meta, key, at, price from t`
    expect(row).toMatchObject({ meta: 'text', price: -50 })
    expect(row?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Date(row?.at ?? '').toISOString()).toBe(row?.at)
  })
})
