import { setImmediate as turn } from 'node:timers/promises'
import { type Connection, type Database, errors } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { bodies, idleInTransaction, notesDb, type Open } from './support/databases.ts'

describeWith('postgres', 'transactions', (open: Open) => {
  let db: Database
  beforeAll(async () => {
    db = await notesDb(open, { pool: { max: 12 } })
    await db.script('create table accounts (id integer primary key, balance integer not null)')
  })
  afterAll(() => db.close())
  beforeEach(() => db.script('truncate notes, accounts; insert into accounts values (1, 100), (2, 100)'))

  const setting = async (name: string): Promise<unknown> =>
    (await db.sql.first<{ value: string }>`select current_setting(${name}) as value`)?.value

  it('DB-1 trap 1: a commit that the server answers with ROLLBACK is told as what it is', async () => {
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes values (1, 'absent')`
      await failure(db.sql`insert into notes values (1, 'again')`)
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(await bodies(db)).toEqual([])
  })

  it('takes no isolation level for SQL: what is none is refused before anything is sent', async () => {
    const isolation = 'serializable; drop table accounts; --' as 'serializable'
    let ran = false
    const outcome = db.transaction(
      async () => {
        ran = true
      },
      { isolation },
    )
    await expect(outcome).rejects.toBeInstanceOf(errors.InvalidDatabaseOptionError)
    expect(ran).toBe(false)
    expect(await db.sql`select id from accounts`).toHaveLength(2)
    expect(await db.transaction(() => setting('transaction_isolation'), { isolation: 'repeatable read' })).toBe('repeatable read')
  })

  it('DB-3 trap 2: parallel nested transactions do not end in each other’s savepoint', async () => {
    await db.transaction(async () => {
      const siblings = Array.from({ length: 10 }, (_, id) =>
        db.transaction(async () => {
          await db.sql`insert into notes values (${id}, ${String(id)})`
          if (id % 2 === 1) throw new Error('odd')
        }),
      )
      const outcomes = await Promise.allSettled(siblings)
      expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, (_, id) => (id % 2 === 1 ? 'rejected' : 'fulfilled')))
    })
    expect(await bodies(db)).toEqual(['0', '2', '4', '6', '8'])
  })

  it('trap 3: what was not awaited does not run after the commit', async () => {
    let dangling: Promise<unknown> = Promise.resolve()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    await db.transaction(async () => {
      dangling = failure(ended.then(() => db.sql`insert into notes values (1, 'late')`))
    })
    end()
    expect(await dangling).toBeInstanceOf(errors.TransactionClosed)
    expect(await bodies(db)).toEqual([])
  })

  it('DB-4 50 requests that roll back beside 50 that do not, while the server has all 50 transactions open', async () => {
    await using many = await notesDb(open, { pool: { max: 60 } })
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const inside = Array.from({ length: 50 }, (_, id) =>
      many.run(() =>
        many.transaction(async () => {
          await many.sql`insert into notes values (${id}, ${`inside ${id}`})`
          await end
          throw new Error(`rolled back ${id}`)
        }),
      ),
    )
    await eventually(async () => expect(await idleInTransaction(many)).toBe(50))
    const outside = Array.from({ length: 50 }, (_, id) =>
      many.run(() => many.sql.run`insert into notes values (${100 + id}, ${`outside ${id}`})`),
    )
    expect(await Promise.all(outside)).toEqual(Array.from({ length: 50 }, () => ({ changes: 1 })))
    const plain = Array.from({ length: 50 }, (_, id) => `outside ${id}`)
    expect(await bodies(many)).toEqual(plain)
    expect(await idleInTransaction(many)).toBe(50)
    resolve()
    const outcomes = await Promise.allSettled(inside)
    expect(outcomes).toMatchObject(Array.from({ length: 50 }, (_, id) => ({ reason: { message: `rolled back ${id}` } })))
    expect(await bodies(many)).toEqual(plain)
    expect(await idleInTransaction(many)).toBe(0)
  })

  it('DB-9 a deadlock is ended by running one of the two again', async () => {
    let runs = 0
    let committed = 0
    const bothHold = barrier(2)
    const transfer = (from: number, to: number): Promise<void> =>
      db.transaction(
        async () => {
          runs += 1
          db.afterCommit(() => {
            committed += 1
          })
          await db.sql`update accounts set balance = balance - 10 where id = ${from}`
          await bothHold()
          await db.sql`update accounts set balance = balance + 10 where id = ${to}`
        },
        { retry: 3 },
      )
    await Promise.all([transfer(1, 2), transfer(2, 1)])
    expect(runs).toBeGreaterThanOrEqual(3)
    expect(committed).toBe(2)
    expect(await db.sql`select balance from accounts`).toEqual([{ balance: 100 }, { balance: 100 }])
  })

  it('T5 a serialization failure is run again too, and both writes count', async () => {
    let runs = 0
    const bothRead = barrier(2)
    const deposit = (): Promise<void> =>
      db.transaction(
        async () => {
          runs += 1
          const { sum } = (await db.sql.first<{ sum: number }>`select sum(balance) from accounts`) ?? { sum: 0 }
          await bothRead()
          await db.sql`update accounts set balance = ${sum + 1} where id = 1`
        },
        { isolation: 'serializable', retry: 5 },
      )
    await Promise.all([deposit(), deposit()])
    expect(runs).toBe(3)
    // The second one saw what the first one wrote: 201 and 100.
    expect(await db.sql`select balance from accounts where id = 1`).toEqual([{ balance: 302 }])
  })

  it.each(['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const)(
    'T7 %s is what the server runs',
    async (isolation) => {
      expect(await db.transaction(() => setting('transaction_isolation'), { isolation })).toBe(isolation)
    },
  )

  it('T7 without a word are read committed and may write; readOnly ones may not', async () => {
    expect(db.defaultIsolation).toBe('read committed')
    expect(await db.transaction(async () => [await setting('transaction_isolation'), await setting('transaction_read_only')])).toEqual([
      'read committed',
      'off',
    ])
    expect(await db.transaction(() => setting('transaction_read_only'), { readOnly: true })).toBe('on')
    const outcome = db.transaction(() => db.sql`delete from notes`, { readOnly: true })
    await expect(outcome).rejects.toBeInstanceOf(errors.ReadOnlyTransactionError)
    expect((await db.sql.run`insert into notes values (1, 'a')`).changes).toBe(1)
  })

  it('DB-7 a thousand failures in transactions leave no connection and no transaction behind', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_000 }, (_, n) =>
        db.transaction(async () => {
          if (n % 2 === 0) await db.sql`insert into notes values (${n}, ${String(n)})`
          throw new Error('in between')
        }),
      ),
    )
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    const [node] = await db.health()
    expect(node?.pools.writer?.total).toBeLessThanOrEqual(12)
    expect(node?.pools.writer?.idle).toBe(node?.pools.writer?.total)
    expect(await idleInTransaction(db)).toBe(0)
  })

  it('DB-14 P11: sixteen readers of a prepared statement do not notice that a column changes its type', async () => {
    await using own = await notesDb(open, { pool: { max: 17 } })
    await own.script(
      'create table wallets (id integer primary key, balance integer not null); insert into wallets values (1, 100), (2, 100)',
    )
    const text = 'select id, balance from wallets order by id'
    const kept = 'select name from pg_prepared_statements where statement = $1'
    const allPrepared = barrier(17)
    let altering = true
    const reader = (): Promise<{ reads: number; prepared: number }> =>
      own.withConnection(async (connection) => {
        let reads = 0
        while (altering) {
          expect((await connection.execute({ text, params: [] })).rows).toHaveLength(2)
          reads += 1
          if (reads === 4) await allPrepared()
        }
        return { reads, prepared: (await connection.execute({ text: kept, params: [text] })).rows.length }
      })
    const readers = Promise.all(Array.from({ length: 16 }, reader))
    await Promise.race([allPrepared(), readers])
    for (const type of ['bigint', 'text', 'integer', 'numeric', 'integer']) {
      await own.sql`select pg_sleep(0.03)`
      await own.script(`alter table wallets alter column balance type ${type} using balance::${type}`)
    }
    altering = false
    for (const { reads, prepared } of await readers) {
      expect(reads).toBeGreaterThan(4)
      expect(prepared).toBe(1)
    }
  })

  it('Q20 a stream reads one state of the data, a page at a time, and leaves no transaction', async () => {
    let count = 0
    for await (const { n } of db.sql.stream<{ n: number }>`select n from generate_series(1, 1000) as t (n) order by n`)
      expect(n).toBe((count += 1))
    expect(count).toBe(1_000)
    for await (const _ of db.sql.stream`select n from generate_series(1, 1000) as t (n)`) break
    const thrown = (async () => {
      for await (const _ of db.sql.stream`select n from generate_series(1, 1000) as t (n)`) throw new Error('in the loop')
    })()
    await expect(thrown).rejects.toThrow('in the loop')
    for await (const row of db.sql.stream`show server_encoding`) expect(row).toEqual({ server_encoding: 'UTF8' })
    expect(await idleInTransaction(db)).toBe(0)
  })

  it('P2 a stream takes the place of one that was left while a page of it was on its way', async () => {
    const text = 'select n from generate_series(1, 1000) as t (n)'
    const count = await db.transaction(async () => {
      const left = await db.withConnection(async (connection) => {
        const rows = rowsOf(connection, text)
        for (let read = 0; read < 256; read += 1) await rows.next()
        const rest = readAll(rows).catch((error: unknown) => error)
        while (connection.isBusy !== true) await turn()
        return { rest }
      })
      expect(await left.rest).toMatchObject({ code: 'db/stream-ended' })
      return db.withConnection((connection) => readAll(rowsOf(connection, text)))
    })
    expect(count).toBe(1_000)
  })

  it.each(['commit', 'rollback'] as const)('P2 a stream ends with the %s of its transaction, and nothing of a later one', async (end) => {
    const text = 'select n from generate_series(1, 1000) as t (n)'
    const kept = await db.withConnection(async (connection) => {
      const rows = rowsOf(connection, text)
      await rows.next()
      await connection[end]()
      await connection.begin({ readOnly: false })
      expect(await readAll(rowsOf(connection, text))).toBe(1_000)
      await expect(readAll(rows)).rejects.toMatchObject({ code: 'db/stream-ended' })
      return [connection.transactionStatus, await connection.commit()]
    })
    expect(kept).toEqual(['open', true])
  })
})

function rowsOf(connection: Connection, text: string): AsyncIterator<unknown> {
  return (connection.stream({ text, params: [] }) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
}

async function readAll(rows: AsyncIterator<unknown>): Promise<number> {
  for (let count = 0; ; count += 1) if ((await rows.next()).done === true) return count
}

/** Resolves for all when `count` have come; those who come later, running again, do not wait. */
function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  return () => {
    waiting += 1
    if (waiting >= count) resolve()
    return promise
  }
}
