import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { LockTimeout, ReadOnlyTransactionError, TransactionAborted, TransactionClosed } from '../errors.ts'
import { values } from '../fragment.ts'
import { assertSame, bodies, type DriverSubject, type TestApi, withTables } from './subject.ts'

export function transactionCases({ it }: TestApi, subject: DriverSubject): void {
  it('DB-1 trap 1 tells the truth about a commit after a statement failed and the callback went on', () =>
    withTables(subject, async (db) => {
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'before' })}`
        await assert.rejects(db.sql`insert into notes ${values({ id: 1, body: 'again' })}`)
      })
      if (subject.afterFailedStatement === 'aborted') await assert.rejects(outcome, TransactionAborted)
      else await outcome
      assertSame(await bodies(db), subject.afterFailedStatement === 'aborted' ? [] : ['before'])
    }))

  it('DB-2 undoes a nested transaction alone', () =>
    withTables(subject, async (db) => {
      await db.transaction(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
        const nested = db.transaction(async () => {
          await db.sql`insert into notes ${values({ id: 2, body: 'B' })}`
          throw new Error('nested')
        })
        await assert.rejects(nested, { message: 'nested' })
        await db.sql`insert into notes ${values({ id: 3, body: 'C' })}`
      })
      assertSame(await bodies(db), ['A', 'C'])
    }))

  it('ends a script that waits for what a transaction holds as soon as its signal aborts', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
      const held = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      const holder = db.transaction(async () => {
        await db.sql`update notes set priority = ${2}`
        held.resolve()
        await released.promise
      })
      await held.promise
      const controller = new AbortController()
      const reason = new Error('client left')
      const script = db.script('update notes set priority = 3; update notes set priority = 4', { signal: controller.signal })
      const refused = assert.rejects(script, (error) => error === reason)
      // As long as it takes to reach the server, which does not say that somebody waits.
      await pause(100)
      controller.abort(reason)
      await refused
      released.resolve()
      await holder
      assertSame(await db.sql`select priority from notes`, [{ priority: 2 }])
      await db.script('update notes set priority = 5; update notes set priority = 6')
      assertSame(await db.sql`select priority from notes`, [{ priority: 6 }])
    }))

  it('DB-3 trap 2 runs siblings started in parallel one after the other', () =>
    withTables(subject, async (db) => {
      await db.transaction(async () => {
        const siblings = Array.from({ length: 10 }, (_, id) =>
          db.transaction(async () => {
            await db.sql`insert into notes ${values({ id, body: `sibling ${id}` })}`
            await pause(1)
            if (id % 2 === 1) throw new Error(`odd ${id}`)
          }),
        )
        const outcomes = await Promise.allSettled(siblings)
        const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as Error).message] : []))
        assertSame(reasons, ['odd 1', 'odd 3', 'odd 5', 'odd 7', 'odd 9'])
      })
      assertSame(await bodies(db), ['sibling 0', 'sibling 2', 'sibling 4', 'sibling 6', 'sibling 8'])
    }))

  it('keeps a query started beside a nested transaction out of its savepoint', () =>
    withTables(subject, async (db) => {
      await db.transaction(async () => {
        const nested = db.transaction(async () => {
          await db.sql`insert into notes ${values({ id: 1, body: 'nested' })}`
          await pause(1)
          throw new Error('nested')
        })
        const beside = db.sql`insert into notes ${values({ id: 2, body: 'beside' })}`
        await Promise.allSettled([nested, beside])
      })
      assertSame(await bodies(db), ['beside'])
    }))

  it('DB-4 trap 6 keeps what 50 requests do outside a transaction out of those of 50 others', () =>
    withTables(subject, async (db) => {
      const requests = Array.from({ length: 50 }, (_, id) => {
        const { promise: inserted, resolve: insert } = Promise.withResolvers<void>()
        const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
        const inside = db.run(() =>
          db.transaction(async () => {
            await db.sql`insert into notes ${values({ id, body: `inside ${id}` })}`
            insert()
            await asked
            throw new Error('rolled back')
          }),
        )
        // Asked while the transaction is open with a row in it.
        const outside = db.run(async () => {
          await inserted
          const acknowledged = db.sql`insert into notes ${values({ id: 100 + id, body: `outside ${id}` })}`
          ask()
          await acknowledged
        })
        return { inside, outside }
      })
      const outcomes = await Promise.allSettled(requests.map(({ inside }) => inside))
      await Promise.all(requests.map(({ outside }) => outside))
      assertSame(
        outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message),
        Array.from({ length: 50 }, () => 'rolled back'),
      )
      assertSame(
        await bodies(db),
        Array.from({ length: 50 }, (_, id) => `outside ${id}`),
      )
    }))

  it('rolls everything back when the callback fails, and passes its error on', () =>
    withTables(subject, async (db) => {
      const failure = new Error('after the insert')
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
        throw failure
      })
      await assert.rejects(outcome, (error) => error === failure)
      assertSame(await bodies(db), [])
    }))

  it('trap 3 refuses a query that was not awaited and comes after the transaction', () =>
    withTables(subject, async (db) => {
      let dangling: Promise<unknown> = Promise.resolve()
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      await db.transaction(async () => {
        dangling = ended.then(() => db.sql`insert into notes ${values({ id: 1, body: 'late' })}`)
      })
      end()
      await assert.rejects(dangling, TransactionClosed)
      assertSame(await bodies(db), [])
    }))

  it('undoes a nested transaction nobody awaited', () =>
    withTables(subject, async (db) => {
      let dangling: Promise<unknown> = Promise.resolve()
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      await db.transaction(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'awaited' })}`
        const { promise: started, resolve: start } = Promise.withResolvers<void>()
        dangling = db.transaction(async () => {
          await db.sql`insert into notes ${values({ id: 2, body: 'dangling' })}`
          start()
          await ended
        })
        await started
      })
      end()
      await assert.rejects(dangling, TransactionClosed)
      assertSame(await bodies(db), ['awaited'])
    }))

  it('calls hooks once, in order, after the outermost commit, and drops those of what was rolled back', () =>
    withTables(subject, async (db) => {
      const called: string[] = []
      await db.transaction(async () => {
        db.afterCommit(() => called.push('outer'))
        await db.transaction(async () => db.afterCommit(async () => called.push(`nested, ${(await bodies(db)).length} notes`)))
        const undone = db.transaction(async () => {
          db.afterCommit(() => called.push('undone'))
          throw new Error('undone')
        })
        await assert.rejects(undone)
        await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
        assertSame(called, [])
      })
      assertSame(called, ['outer', 'nested, 1 notes'])
    }))

  it('refuses writes in a read-only transaction and takes them again afterwards', () =>
    withTables(subject, async (db) => {
      const outcome = db.transaction(() => db.sql`insert into notes ${values({ id: 1, body: 'A' })}`, { readOnly: true })
      await assert.rejects(outcome, ReadOnlyTransactionError)
      await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
      assertSame(await db.transaction(() => bodies(db), { readOnly: true }), ['A'])
    }))

  it('accepts every isolation level and runs the whole callback again after an error that says so', () =>
    withTables(subject, async (db) => {
      let runs = 0
      const levels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const
      for (const [id, isolation] of levels.entries()) {
        const work = async (): Promise<void> => {
          runs += 1
          await db.sql`insert into notes ${values({ id, body: isolation })}`
          if (runs % 3 !== 0) throw new LockTimeout({ retryable: true })
        }
        await db.transaction(work, { isolation, retry: 2 })
      }
      assert.equal(runs, 12)
      assertSame(await bodies(db), [...levels])
    }))

  it('undoes a failed script inside a transaction and nothing else of it', () =>
    withTables(subject, async (db) => {
      await db.transaction(async () => {
        await db.script(`insert into notes (id, body) values (1, 'A')`)
        await assert.rejects(db.script(`insert into notes (id, body) values (2, 'B'); insert into notes (id, body) values (2, 'C')`))
      })
      assertSame(await bodies(db), ['A'])
    }))

  if (!subject.readsBesideTransaction) return

  it('shows others, and detached work, only what is committed', () =>
    withTables(subject, async (db) => {
      const { promise: inserted, resolve: insert } = Promise.withResolvers<void>()
      const { promise: looked, resolve: look } = Promise.withResolvers<void>()
      const transaction = db.transaction(async () => {
        await db.sql`insert into notes ${values({ id: 1, body: 'A' })}`
        assertSame(await db.detached(() => bodies(db)), [])
        insert()
        await looked
      })
      await inserted
      assertSame(await bodies(db), [])
      look()
      await transaction
      assertSame(await bodies(db), ['A'])
    }))
}
