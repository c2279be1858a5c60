import assert from 'node:assert/strict'
import type { Database } from '../database.ts'
import { driverOf } from '../driver-of.ts'
import type { Connection } from '../driver.ts'
import { DatabaseError, StreamEndedError, TransactionAborted } from '../errors.ts'
import type { SlowEvent } from '../events.ts'
import { values } from '../fragment.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type { ConnectionDefinition } from '../options.ts'
import { bodies, assertSame, type DriverSubject, type TestApi, withTables } from './subject.ts'

const timesCareless = 1_000
const usersAtOnce = 20

export function connectionCases({ it }: TestApi, subject: DriverSubject): void {
  it('tells which server answers', () =>
    withTables(subject, async (db) => {
      const { product, version } = await db.server()
      assert.match(product, /^\w+$/)
      assert.equal(version.length, 3)
      assert.ok(version[0] > 0)
    }))

  it('DB-7 trap 14 rolls back what comes back with a transaction open, and lends the connection again, a thousand times', () =>
    withTables(subject, async (db) => {
      let leaks = 0
      db.on('leak', () => {
        leaks += 1
      })
      const careless = (id: number): Promise<unknown> =>
        db.withConnection(async (connection) => {
          await connection.begin({ readOnly: false })
          await connection.execute({ text: `insert into notes (id, body) values (${id}, 'lost ${id}')`, params: [] })
          assert.equal(connection.transactionStatus, 'open')
          throw new Error('careless')
        })
      let asked = 0
      const user = async (): Promise<void> => {
        while (asked < timesCareless) {
          asked += 1
          await assert.rejects(careless(asked), { message: 'careless' })
        }
      }
      await Promise.all(Array.from({ length: usersAtOnce }, user))
      await untilAtRest(db)
      assert.equal(leaks, timesCareless)
      assertSame(await bodies(db), [])
      for (const { pools } of await db.health()) for (const pool of Object.values(pools)) assert.ok(pool.total <= pool.max)
      if (subject.openTransactions) assert.equal(await subject.openTransactions(db), 0)
    }))

  it('P2 DB-7 goes on after a stream that was left open, whose reader hears of it or has all rows', () =>
    withTables(subject, async (db) => {
      const count = 600
      await db.sql`insert into notes ${values(Array.from({ length: count }, (_, id) => ({ id, body: `note ${id}` })))}`
      const leave = (): Promise<Reader> =>
        db.withConnection(async (connection) => {
          const rows = readerOf(connection, 'select id from notes')
          await rows.next()
          return { next: () => rows.next() }
        })
      const outside = await leave()
      await db.sql`update notes set priority = ${2} where id = ${1}`
      const inside = await db.transaction(async () => {
        const left = await leave()
        await db.sql`update notes set priority = ${3} where id = ${2}`
        await leave()
        await db.transaction(() => db.sql`update notes set priority = ${4} where id = ${3}`)
        return left
      })
      await db.sql`update notes set priority = ${5} where id = ${4}`
      const changed = await db.sql<{ priority: number }>`select priority from notes where priority > ${1} order by id`
      assertSame(
        changed.map(({ priority }) => priority),
        [2, 3, 4, 5],
      )
      for (const rows of [outside, inside]) {
        const read = await countOf(rows).catch((error: unknown) => error)
        assert.ok(read === count - 1 || read instanceof DatabaseError, String(read))
      }
      assertSame(await db.sql`select count(*) as notes from notes where priority > ${9}`, [{ notes: 0 }])
    }))

  it('P2 has one stream at a time on a connection: the next has all rows, and the reader of the one before hears of it or has all too', () =>
    withTables(subject, async (db) => {
      const count = 600
      await db.sql`insert into notes ${values(Array.from({ length: count }, (_, id) => ({ id, body: `note ${id}` })))}`
      const twice = (next: string): Promise<void> =>
        db.withConnection(async (connection) => {
          const first = readerOf(connection, 'select id from notes')
          await first.next()
          assert.equal(await countOf(readerOf(connection, next)), count)
          const read = await countOf(first).catch((error: unknown) => error)
          assert.ok(read === count - 1 || read instanceof StreamEndedError, String(read))
          assert.equal(await countOf(readerOf(connection, 'select id from notes')), count)
        })
      let leaks = 0
      db.on('leak', () => {
        leaks += 1
      })
      for (const next of ['select id from notes', 'select body from notes']) {
        await twice(next)
        await db.transaction(async () => {
          await db.sql`update notes set priority = priority + ${1}`
          await twice(next)
        })
      }
      assertSame(await db.sql`select count(*) as notes from notes where priority = ${3}`, [{ notes: count }])
      assert.equal(leaks, 0)
    }))

  it('says of work that ended the transaction it ran in that what it committed stays', () =>
    withTables(subject, async (db) => {
      const ending = (end: (connection: Connection) => MaybePromise<unknown>): Promise<unknown> =>
        db.transaction(async () => {
          await db.sql`insert into notes ${values({ id: 1, body: 'before' })}`
          const ended = await db.withConnection(end).catch((error: unknown) => error)
          await assert.rejects(db.sql`insert into notes ${values({ id: 2, body: 'after' })}`, TransactionAborted)
          throw ended
        })
      const isTold = ({ code, message }: DatabaseError): boolean => code === 'db/ended-transaction' && /committed stays/.test(message)
      await assert.rejects(
        ending((connection) => connection.rollback()),
        isTold,
      )
      assertSame(await bodies(db), [])
      await assert.rejects(
        ending((connection) => connection.commit()),
        isTold,
      )
      assertSame(await bodies(db), ['before'])
    }))

  it('replaces a connection that is closed under it', () =>
    withTables(subject, async (db) => {
      const isOpen = await db.withConnection(async (connection) => {
        const before = connection.isOpen
        // What holds the only copy of the data cannot be replaced.
        if (!subject.readsBesideTransaction) return [before, false]
        await connection.close()
        return [before, connection.isOpen]
      })
      assertSame(isOpen, [true, false])
      await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
      assertSame(await bodies(db), ['A'])
    }))

  it('DB-15 tells of a slow query with its plan, and nothing of its values', () =>
    withTables({ ...subject, create: async () => withSlowLog(await subject.create()) }, async (db) => {
      const told = new Promise<SlowEvent>((resolve) => db.on('slow', resolve))
      await db.sql`select body from notes where priority > ${0} and body <> ${'the value'}`
      const { text, shape, params, plan = [], waitMs, runMs } = await told
      assert.match(text, /^select body from notes/)
      assert.match(shape, /^[0-9a-f]{12}$/)
      assertSame(params, ['number', 'string'])
      assert.ok(waitMs >= 0 && runMs > 0)
      assert.doesNotMatch(JSON.stringify([text, params]), /the value/)
      if (driverOf(db)?.explain?.(text) !== undefined) assert.match(JSON.stringify(plan), /notes/)
    }))

  it('undoes a sandbox, with the transactions in it', () =>
    withTables(subject, async (db) => {
      const hooks: string[] = []
      await db.sandbox(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
        await db.transaction(async () => {
          await db.sql`insert into notes ${values({ id: 2, body: 'B' })}`
          db.afterCommit(() => hooks.push('after commit'))
        })
        await assert.rejects(db.transaction(() => db.sql`insert into notes ${values({ id: 2, body: 'again' })}`))
        assertSame(await bodies(db), ['A', 'B'])
      })
      assertSame([await bodies(db), hooks], [[], ['after commit']])
    }))
}

interface Reader {
  next(): MaybePromise<IteratorResult<unknown>>
}

function readerOf(connection: Connection, text: string): Reader {
  const rows = connection.stream({ text, params: [] })
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
}

async function countOf(rows: Reader): Promise<number> {
  for (let count = 0; ; count += 1) if ((await rows.next()).done === true) return count
}

/** Resolves when every connection is back: what one was lent for ends before it has been rolled back. */
async function untilAtRest(db: Database): Promise<void> {
  for (;;) {
    const nodes = await db.health()
    if (nodes.every(({ pools }) => Object.values(pools).every(({ total, idle }) => total === idle))) return
  }
}

/** The same database with every query slow. */
function withSlowLog<Created extends { definition: ConnectionDefinition }>(created: Created): Created {
  const { driver, options } = created.definition.connection
  const slowQuery = { over: 0, sample: 1, params: 'redact', explain: true } as const
  return { ...created, definition: { connection: { driver, options: { ...options, slowQuery } } } }
}
