import assert from 'node:assert/strict'
import { TransactionControlError, UnbindableValueError, UniqueViolation } from '../errors.ts'
import { fragment, identifier, list, values } from '../fragment.ts'
import { assertSame, type DriverSubject, type TestApi, withTables } from './subject.ts'

interface Tables {
  notes: { id: number; body: string; priority: number }
}

export function statementCases({ it }: TestApi, subject: DriverSubject): void {
  it('sends every value as a parameter', () =>
    withTables(subject, async (db) => {
      const hostile = `'; drop table notes; -- "\\ %_`
      await db.sql`insert into notes ${values({ id: 1, body: hostile })}`
      assertSame(await db.sql`select id, body from notes where body = ${hostile}`, [{ id: 1, body: hostile }])
    }))

  it('quotes identifiers, whatever is in them', () =>
    withTables(subject, async (db) => {
      const name = 'odd "name` here'
      assertSame(await db.sql`select id as ${identifier(name)} from notes`, [])
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      assertSame(await db.sql`select id as ${identifier(name)} from ${identifier('notes')}`, [{ [name]: 1 }])
    }))

  it('composes fragments, lists and rows', () =>
    withTables(subject, async (db) => {
      const rows = [1, 2, 3].map((id) => ({ id, body: `note ${id}`, priority: id }))
      await db.sql`insert into notes ${values(rows)}`
      const important = fragment`and priority >= ${2}`
      assertSame(await db.sql`select id from notes where id in (${list([1, 2, 3])}) ${important} order by id`, [{ id: 2 }, { id: 3 }])
    }))

  it('tells what changed, and the first row alone', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values([
        { id: 1, body: 'a' },
        { id: 2, body: 'b' },
      ])}`
      assert.equal((await db.sql.run`update notes set priority = ${5}`).changes, 2)
      assertSame(await db.sql.first`select body from notes where id = ${2}`, { body: 'b' })
      assert.equal(await db.sql.first`select body from notes where id = ${9}`, undefined)
      assert.equal((await db.sql.run`delete from notes where id = ${9}`).changes, 0)
    }))

  it('reads rows as arrays in the order of the columns', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      const { rows } = await db.execute<unknown[]>({ text: 'select body, id from notes', params: [], rowMode: 'array' })
      assertSame(rows, [['a', 1]])
      assertSame(await db.sql`select body, id from notes`, [{ body: 'a', id: 1 }])
    }))

  it('refuses undefined, and what begins or ends a transaction', () =>
    withTables(subject, async (db) => {
      await assert.rejects(db.sql`select ${undefined}`, UnbindableValueError)
      for (const text of ['begin', ' /* a */ COMMIT', '-- b\nrollback', 'savepoint a', ';release a']) {
        await assert.rejects(db.execute({ text, params: [] }), TransactionControlError)
      }
    }))

  it('streams rows, and is ready for the next query when the reader stops early', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values(Array.from({ length: 600 }, (_, id) => ({ id: id + 1, body: `note ${id}` })))}`
      const seen: number[] = []
      for await (const { id } of db.sql.stream<{ id: number }>`select id from notes order by id`) seen.push(id)
      assert.equal(seen.length, 600)
      for await (const { id } of db.sql.stream<{ id: number }>`select id from notes order by id`) if (id === 2) break
      await db.transaction(async () => {
        await db.sql`delete from notes where id > ${2}`
        const left: number[] = []
        for await (const { id } of db.sql.stream<{ id: number }>`select id from notes order by id`) left.push(id)
        assertSame(left, [1, 2])
      })
      assert.equal((await db.sql`select id from notes`).length, 2)
    }))

  it('runs scripts of several statements', () =>
    withTables(subject, async (db) => {
      await db.script(`insert into notes (id, body) values (1, 'a'); insert into notes (id, body) values (2, 'b');`)
      assert.equal((await db.sql`select id from notes`).length, 2)
    }))

  it('leaves of a script that fails what the engine leaves, and never half of a transaction the script itself began', () =>
    withTables(subject, async (db) => {
      const insert = (id: number): string => `insert into notes (id, body) values (${id}, 'note ${id}')`
      const kept = subject.afterFailedScript === 'kept'
      const ids = async (): Promise<unknown> => (await db.sql<{ id: number }>`select id from notes order by id`).map(({ id }) => id)
      await assert.rejects(db.script(`${insert(1)}; ${insert(1)}; ${insert(2)}`), UniqueViolation)
      assertSame(await ids(), kept ? [1] : [])
      await db.sql`delete from notes`
      await assert.rejects(db.script(`begin; ${insert(1)}; commit; ${insert(2)}; ${insert(2)}`), UniqueViolation)
      assertSame(await ids(), kept ? [1, 2] : [1])
      await db.sql`delete from notes`
      await assert.rejects(db.script(`begin; ${insert(1)}; ${insert(1)}; commit`), UniqueViolation)
      assertSame(await ids(), [])
    }))

  it('serves kysely, inside and outside of a transaction', () =>
    withTables(subject, async (db) => {
      const kysely = db.kysely<Tables>()
      await kysely.insertInto('notes').values({ id: 1, body: 'a', priority: 1 }).execute()
      await assert.rejects(
        db.transaction(async () => {
          const { numInsertedOrUpdatedRows } = await kysely
            .insertInto('notes')
            .values({ id: 2, body: 'b', priority: 1 })
            .executeTakeFirstOrThrow()
          assert.equal(numInsertedOrUpdatedRows, 1n)
          assert.equal((await kysely.selectFrom('notes').selectAll().execute()).length, 2)
          throw new Error('rolled back')
        }),
        { message: 'rolled back' },
      )
      assertSame(await kysely.selectFrom('notes').select('body').execute(), [{ body: 'a' }])
    }))
}
