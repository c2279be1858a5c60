import assert from 'node:assert/strict'
import type { Database } from '../database.ts'
import { driverOf } from '../driver-of.ts'
import type { SlowEvent } from '../events.ts'
import { values } from '../fragment.ts'
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
