import { describe, expect, it, jest } from '@jest/globals'
import { errors } from '../src/index.ts'
import { Cluster, clusterDb } from './support/cluster.ts'
import { bodies, memoryDb, signalled } from './support/databases.ts'

describe('db.sandbox', () => {
  it('undoes everything, and gives what the work gave', async () => {
    await using db = await memoryDb()
    const found = await db.sandbox(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'B')`)
      await db
        .transaction(async () => {
          await db.sql`insert into notes (id, body) values (3, 'C')`
          throw new Error('undone')
        })
        .catch(() => undefined)
      return bodies(db)
    })
    expect(found).toEqual(['A', 'B'])
    expect(await bodies(db)).toEqual([])
  })

  it('undoes what was done before the work failed, and passes its error on', async () => {
    await using db = await memoryDb()
    const failure = new Error('assertion')
    const outcome = db.sandbox(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      throw failure
    })
    await expect(outcome).rejects.toBe(failure)
    expect(await bodies(db)).toEqual([])
  })

  it('lets transactions in it be as if they were outermost: hooks, retries, inTransaction', async () => {
    await using db = await memoryDb()
    const called: string[] = []
    let runs = 0
    await db.sandbox(async () => {
      expect(db.inTransaction).toBe(false)
      db.afterCommit(() => called.push('at once'))
      expect(called).toEqual(['at once'])
      await db.transaction(
        async () => {
          expect(db.inTransaction).toBe(true)
          db.afterCommit(() => called.push(`run ${runs}, in transaction: ${db.inTransaction}`))
          await db.transaction(async () => db.afterCommit(() => called.push('nested')))
          runs += 1
          if (runs === 1) throw new errors.SerializationFailure()
          expect(called).toEqual(['at once'])
        },
        { retry: 1 },
      )
    })
    expect(called).toEqual(['at once', 'run 2, in transaction: false', 'nested'])
  })

  it('keeps detached work in it, beside a transaction that is open', async () => {
    await using db = await memoryDb()
    await db.sandbox(async () => {
      await db.detached(() => db.sql`insert into notes (id, body) values (1, 'A')`)
      await db.transaction(() => db.detached(() => db.sql`insert into notes (id, body) values (2, 'B')`))
      expect(await bodies(db)).toEqual(['A', 'B'])
    })
    expect(await bodies(db)).toEqual([])
  })

  it('is refused inside a transaction, or inside another one', async () => {
    await using db = await memoryDb()
    await expect(db.transaction(() => db.sandbox(() => 1))).rejects.toMatchObject({ code: 'db/sandbox-refused' })
    await expect(db.sandbox(() => db.sandbox(() => 1))).rejects.toMatchObject({ code: 'db/sandbox-refused' })
    expect(await db.sandbox(() => 'free again')).toBe('free again')
  })

  it('keeps tests apart that run beside each other', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 5 } })
    await Promise.all(
      Array.from({ length: 5 }, () =>
        db.sandbox(async () => {
          await db.sql`insert into notes (id, body) values (1, 'same')`
          await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'other')`)
        }),
      ),
    )
    expect(await bodies(db)).toEqual([])
  })
})

describe('advice', () => {
  it('T7 says once that a serializable transaction wants retry, where that is not the normal level', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using db = await clusterDb(new Cluster('primary'))
    await db.transaction(async () => undefined, { isolation: 'serializable', retry: 1 })
    await db.transaction(async () => undefined, { isolation: 'repeatable read' })
    expect(emitWarning).not.toHaveBeenCalled()
    for (let count = 0; count < 3; count += 1) await db.transaction(async () => undefined, { isolation: 'serializable' })
    expect(emitWarning.mock.calls).toEqual([[expect.stringContaining('retry: 3'), 'CovetDatabaseWarning']])
    emitWarning.mockClear()
    await using sqlite = await memoryDb()
    await sqlite.transaction(async () => undefined, { isolation: 'serializable' })
    expect(emitWarning).not.toHaveBeenCalled()
    emitWarning.mockRestore()
  })

  it('P4 says once that detached work may wait for transactions that wait for it', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 2, acquireTimeout: 20 } })
    await db.transaction(() => db.detached(() => db.sql`select 1`))
    expect(emitWarning).not.toHaveBeenCalled()
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const outcome = db.transaction(() => db.detached(() => db.sql`select 1`))
    await expect(outcome).rejects.toBeInstanceOf(errors.PoolTimeout)
    end()
    await holder
    expect(emitWarning.mock.calls).toEqual([[expect.stringContaining('all 2 connections held by transactions'), 'CovetDatabaseWarning']])
    emitWarning.mockRestore()
  })
})
