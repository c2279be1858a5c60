import { type Database, errors, values } from '@covet/db'
import { introspect } from '@covet/db/catalog'
import { failure } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import { mapError } from '../src/map-error.ts'
import { memoryDb, temporaryDb } from './support/databases.ts'

const failureOf = (db: Database, text: string): Promise<unknown> => failure(db.execute({ text, params: [] }))
const nothing = { constraint: undefined, table: undefined, columns: [] }

describe('a unique violation', () => {
  it('has the columns of its key, in their order, and the name that introspection gives it', async () => {
    await using db = await memoryDb()
    await db.script(`create table pairs (a, b, c text unique, d, constraint pairs_once unique (b, a));
      create unique index pairs_d on pairs (d) where d > 0`)
    await db.sql`insert into pairs ${values({ a: 1, b: 2, c: 'x', d: 3 })}`
    const once = await failureOf(db, 'insert into pairs (a, b) values (1, 2)')
    expect(once).toBeInstanceOf(errors.UniqueViolation)
    expect(once).toMatchObject({ constraint: 'pairs_once', table: 'pairs', columns: ['b', 'a'] })
    expect(await failureOf(db, 'insert into pairs (d) values (3)')).toMatchObject({ constraint: 'pairs_d', columns: ['d'] })
    expect(await failureOf(db, `insert into pairs (c) values ('x')`)).toMatchObject({
      constraint: undefined,
      table: 'pairs',
      columns: ['c'],
    })
    const { tables } = await introspect(db)
    expect(tables.find(({ name }) => name === 'pairs')?.uniques).toEqual([{ columns: ['c'] }, { name: 'pairs_once', columns: ['b', 'a'] }])
  })

  it('of a primary key has table and columns, and no name, as there is none', async () => {
    await using db = await memoryDb()
    await db.script('create table keyed (a, b, primary key (b, a)) without rowid; insert into keyed values (1, 2)')
    expect(await failureOf(db, 'insert into keyed values (1, 2)')).toMatchObject({
      constraint: undefined,
      table: 'keyed',
      columns: ['b', 'a'],
    })
    expect(await failureOf(db, `insert into notes values (1, 'a'), (1, 'b')`)).toMatchObject({ table: 'notes', columns: ['id'] })
  })

  it('of an index over an expression has the index and its table, without columns', async () => {
    await using db = await memoryDb()
    await db.script(`create table words (word text); create unique index "words'lower" on words (lower(word))`)
    const error = await failureOf(db, `insert into words values ('x'), ('X')`)
    expect(error).toMatchObject({ constraint: `words'lower`, table: 'words', columns: [] })
  })

  it('names none of two keys it can be about', async () => {
    await using db = await memoryDb()
    await db.script(`create table twice (a, constraint twice_a unique (a)); create unique index twice_again on twice (a)`)
    expect(await failureOf(db, 'insert into twice values (1), (1)')).toMatchObject({
      constraint: undefined,
      table: 'twice',
      columns: ['a'],
    })
    await db.script(
      `create temporary table pairs (a, constraint of_temporary unique (a)); create table main.pairs (a, constraint of_main unique (a))`,
    )
    expect(await failureOf(db, 'insert into pairs values (1), (1)')).toMatchObject({
      constraint: undefined,
      table: 'pairs',
      columns: ['a'],
    })
  })

  it('is not misled by names that hold points and commas', async () => {
    await using db = await memoryDb()
    await db.script('create table "a.b" ("c, a.b.d", "d" not null, constraint pointed unique ("c, a.b.d"), constraint plain unique (d))')
    expect(await failureOf(db, 'insert into "a.b" values (1, 1), (1, 2)')).toMatchObject({
      constraint: 'pointed',
      table: 'a.b',
      columns: ['c, a.b.d'],
    })
    expect(await failureOf(db, 'insert into "a.b" values (1, null)')).toMatchObject(nothing)
  })

  it('by a trigger is about the table that the trigger wrote', async () => {
    await using db = await memoryDb()
    await db.script(`create table logs (note integer constraint logs_once unique);
      create trigger logging after insert on notes begin insert into logs values (1); end; insert into notes values (1, 'a')`)
    expect(await failureOf(db, `insert into notes values (2, 'b')`)).toMatchObject({
      constraint: 'logs_once',
      table: 'logs',
      columns: ['note'],
    })
  })

  it('is told to a transaction that goes on, to a stream, to a script and out of a thread', async () => {
    await using holder = await temporaryDb({ worker: true })
    for (const db of [await memoryDb(), holder.db]) {
      await db.script('create table once (a, constraint once_a unique (a))')
      const told = { constraint: 'once_a', table: 'once', columns: ['a'] }
      await db.transaction(async () => {
        await db.sql`insert into once values (1)`
        expect(await failureOf(db, 'insert into once values (1)')).toMatchObject(told)
        await db.sql`insert into once values (2)`
      })
      expect(await db.sql`select a from once order by a`).toEqual([{ a: 1 }, { a: 2 }])
      expect(await failure(db.stream({ text: 'insert into once values (3), (1) returning a', params: [] }).next())).toMatchObject(told)
      expect(await failure(db.script('insert into once values (4); insert into once values (1)'))).toMatchObject(told)
      await db.close()
    }
  })
})

describe('a check violation', () => {
  it('has its constraint and the table that was written', async () => {
    await using db = await memoryDb()
    await db.script(`create table checked (a constraint a_positive check (a > 0), b check ( b > /* not */ 1 ));
      create table others (a constraint a_positive check (a > 0))`)
    expect(await failureOf(db, 'insert into checked values (0, 2)')).toMatchObject({ constraint: 'a_positive', table: 'checked' })
    expect(await failureOf(db, 'INSERT INTO others VALUES (0)')).toMatchObject({ constraint: 'a_positive', table: 'others' })
    await db.sql`insert into checked values (1, 2)`
    expect(await failureOf(db, 'update main.checked as c set b = 1')).toMatchObject({ constraint: 'b > /* not */ 1', table: 'checked' })
  })

  it('claims no table where a trigger, a cascade or WITH may have written another one', async () => {
    await using db = await memoryDb()
    await db.script(`create table parents (id integer primary key, a constraint a_positive check (a > 0));
      create table children (parent references parents on update cascade, constraint a_positive check (parent < 9));
      create table logged (a constraint a_positive check (a > 0));
      create table logs (a constraint a_positive check (a > 1));
      create trigger logging after insert on logged begin insert into logs values (new.a); end;
      insert into parents values (1, 1); insert into children values (1)`)
    const unclear = { constraint: 'a_positive', table: undefined }
    expect(await failureOf(db, 'update parents set id = 9')).toMatchObject(unclear)
    expect(await failureOf(db, 'insert into logged values (1)')).toMatchObject(unclear)
    expect(await failureOf(db, 'with a as (select 0 as a) insert into logs select a from a')).toMatchObject(unclear)
    expect(await failureOf(db, 'insert into logs values (0)')).toMatchObject({ constraint: 'a_positive', table: 'logs' })
    await db.script('create temporary trigger watching after insert on main.logs begin select 1; end')
    expect(await failureOf(db, 'insert into logs values (0)')).toMatchObject(unclear)
  })
})

describe('a foreign key violation', () => {
  const family = `create table parents (id integer primary key, other integer);
    create table children (id integer primary key, "the parent" integer, constraint "to the parent" foreign key ("the parent") references parents (id));
    insert into parents values (1, 1), (2, 2); insert into children values (1, 1)`
  const told = { constraint: 'to the parent', table: 'children', columns: ['the parent'] }

  it('has the key of the child, whichever side was written, where it can be no other', async () => {
    await using db = await memoryDb()
    await db.script(family)
    for (const text of [
      'insert into children values (2, 9)',
      'update children set "the parent" = 9',
      'update parents set id = 9 where id = 1',
      'delete from parents',
      'DELETE FROM Parents WHERE id = 1',
      'replace into children values (1, 9)',
    ])
      expect([text, await failureOf(db, text)]).toMatchObject([text, told])
  })

  it('without a name has table and columns', async () => {
    await using db = await memoryDb()
    await db.script('create table tree (id integer primary key, parent integer references tree)')
    expect(await failureOf(db, 'insert into tree values (1, 9)')).toMatchObject({
      constraint: undefined,
      table: 'tree',
      columns: ['parent'],
    })
  })

  it('claims nothing where it can be another key', async () => {
    await using db = await memoryDb()
    await db.script(`${family};
      create table cousins (a integer references parents, b integer references parents);
      create table heirs (child integer references children on delete cascade, note integer references notes);
      create trigger quiet after insert on heirs begin select 1; end;
      create view seen as select * from children;
      create trigger unseen instead of insert on seen begin insert into children values (new.id, new."the parent"); end`)
    for (const text of [
      'insert into cousins values (9, null)',
      'delete from parents',
      'update children set "the parent" = 9',
      'with a as (select 9 as a) insert into children select 8, a from a',
      'insert into heirs (child) values (9)',
      'insert into seen values (8, 9)',
    ])
      expect([text, await failureOf(db, text)]).toMatchObject([text, { code: 'db/foreign-key-violation', ...nothing }])
    expect(await failureOf(db, 'insert into children values (2, 9)')).toMatchObject(told)
  })

  it('claims nothing where a cascade goes on to another table', async () => {
    await using db = await memoryDb()
    await db.script(`create table a (id integer primary key); create table b (id integer primary key, a integer references a on delete cascade);
      create table c (b integer references b); insert into a values (1); insert into b values (1, 1); insert into c values (1)`)
    expect(await failureOf(db, 'delete from a')).toMatchObject({ code: 'db/foreign-key-violation', ...nothing })
    expect(await failureOf(db, 'insert into b values (2, 9)')).toMatchObject({ table: 'b', columns: ['a'] })
  })

  it('that comes with the commit claims nothing', async () => {
    await using db = await memoryDb()
    await db.script(`create table parents (id integer primary key);
      create table later (id integer references parents deferrable initially deferred)`)
    const error = await failure(db.transaction(() => db.sql`insert into later values (1)`))
    expect(error).toMatchObject({ code: 'db/foreign-key-violation', ...nothing })
  })
})

describe('a look that fails', () => {
  it('leaves what the message says', () => {
    const db = new BetterSqlite(':memory:')
    db.close()
    const told = (code: string, message: string): unknown =>
      mapError(Object.assign(new Error(message), { code }), { readOnly: false, statement: 'insert into notes values (1)', db })
    expect(told('SQLITE_CONSTRAINT_UNIQUE', 'UNIQUE constraint failed: notes.body')).toMatchObject({ table: 'notes', columns: ['body'] })
    expect(told('SQLITE_CONSTRAINT_UNIQUE', `UNIQUE constraint failed: index 'lower'`)).toMatchObject({ ...nothing, constraint: 'lower' })
    expect(told('SQLITE_CONSTRAINT_CHECK', 'CHECK constraint failed: small')).toMatchObject({ ...nothing, constraint: 'small' })
    expect(told('SQLITE_CONSTRAINT_FOREIGNKEY', 'FOREIGN KEY constraint failed')).toMatchObject({
      code: 'db/foreign-key-violation',
      ...nothing,
    })
  })
})
