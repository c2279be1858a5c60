import assert from 'node:assert/strict'
import { values } from '../fragment.ts'
import { bodies, assertSame, type DriverSubject, type TestApi, withTables } from './subject.ts'

const careless = 50

export function connectionCases({ it }: TestApi, subject: DriverSubject): void {
  it('tells which server answers', () =>
    withTables(subject, async (db) => {
      const { product, version } = await db.server()
      assert.match(product, /^\w+$/)
      assert.equal(version.length, 3)
      assert.ok(version[0] > 0)
    }))

  it('DB-7 rolls back what comes back with a transaction open, and lends the connection again', () =>
    withTables(subject, async (db) => {
      let leaks = 0
      db.on('leak', () => {
        leaks += 1
      })
      for (let id = 1; id <= careless; id += 1) {
        const outcome = db.withConnection(async (connection) => {
          await connection.begin({ readOnly: false })
          await connection.execute({ text: `insert into notes (id, body) values (${id}, 'lost')`, params: [] })
          assert.equal(connection.transactionStatus, 'open')
          throw new Error('careless')
        })
        await assert.rejects(outcome, { message: 'careless' })
      }
      assertSame(await bodies(db), [])
      assert.equal(leaks, careless)
      for (const { pools } of await db.health()) for (const pool of Object.values(pools)) assert.ok(pool.total <= pool.max)
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
