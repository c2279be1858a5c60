import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createDb, errors } from '../src/index.ts'
import { Cluster, clusterDb, stillRuntime } from './support/cluster.ts'
import { bodies, fileDb, memoryDb, signalled } from './support/databases.ts'
import { nodeSqlite } from './support/node-sqlite.ts'

describe('waiting for a connection', () => {
  it('P1 ends with an error that tells the numbers', async () => {
    await using db = await memoryDb({ pool: { acquireTimeout: 20 } })
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    await expect(db.sql`select 1`).rejects.toMatchObject({
      code: 'db/pool-timeout',
      statusCode: 503,
      headers: { 'retry-after': '1' },
      message: expect.stringContaining('writer connection became free within 20 ms (max 1, total 1, idle 0, waiting 1)'),
    })
    end()
    await holder
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it('DB-6 P3 tells of the five who have held a connection longest, in order', async () => {
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 7 } }, runtime)
    const hold = async (): Promise<() => Promise<void>> => {
      const [begun, ended] = [signalled(), signalled()]
      const holder = db.transaction(() => {
        begun.resolve()
        return ended.promise
      })
      await begun.promise
      advance(10)
      return () => {
        ended.resolve()
        return holder
      }
    }
    const first = await hold()
    const ends: (() => Promise<void>)[] = []
    while (ends.length < 6) ends.push(await hold())
    // The connection that was lent first is the one lent last then.
    const last = hold()
    await first()
    ends.push(await last)
    const [node] = await db.health()
    await Promise.all(ends.map((end) => end()))
    expect(node?.pools.writer).toMatchObject({ total: 7, holders: [70, 60, 50, 40, 30].map((heldMs) => ({ heldMs })) })
  })

  it('is first come, first served', async () => {
    await using db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const order: string[] = []
    const first = db.transaction(async () => {
      await ended
      order.push('first')
    })
    const others = ['second', 'third', 'fourth'].map((name) => db.transaction(async () => order.push(name)))
    end()
    await Promise.all([first, ...others])
    expect(order).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('ends when the signal aborts, and the place in the queue with it', async () => {
    await using db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const controller = new AbortController()
    const reason = new Error('client left')
    const query = db.sql.with({ signal: controller.signal })`insert into notes (id, body) values (1, 'A')`
    const transaction = db.transaction(async () => undefined, { signal: controller.signal })
    controller.abort(reason)
    await expect(query).rejects.toBe(reason)
    await expect(transaction).rejects.toBe(reason)
    await expect(db.sql.with({ signal: controller.signal })`select 1`).rejects.toBe(reason)
    end()
    await holder
    expect(await bodies(db)).toEqual([])
  })

  it('lets read-only transactions run beside a writing one, and one more wait for a reader', async () => {
    const holder = await fileDb({ limits: { reader: 1, stream: 0 } })
    await using _ = holder
    const { db } = holder
    const { promise: ended, resolve: end } = signalled()
    const writing = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await ended
    })
    expect(await db.transaction(() => bodies(db), { readOnly: true })).toEqual([])
    const reading = db.transaction(() => ended, { readOnly: true })
    const read = bodies(db)
    end()
    await Promise.all([writing, reading])
    expect(await read).toEqual(['A'])
  })
})

describe('opening a connection', () => {
  it('fails with what the driver says, and is tried again by the next', async () => {
    let reachable = false
    const connecting = (): void => {
      if (!reachable) throw new errors.ConnectionFailedError('nobody home')
    }
    await using db = createDb(nodeSqlite({ connecting }))
    await expect(db.connect()).rejects.toMatchObject({ code: 'db/connection-failed', statusCode: 503 })
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    reachable = true
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it('is done for the first in the queue when a connection was lost, or the queue hears why not', async () => {
    let connections = 0
    const connecting = (): void => {
      connections += 1
      if (connections === 2) throw new errors.ConnectionFailedError('restarting')
    }
    const faults = (): { execute?: () => never } =>
      connections === 1
        ? {
            execute: () => {
              throw new errors.ConnectionLost()
            },
          }
        : {}
    await using db = createDb(nodeSqlite({ connecting, faults, asynchronous: true }))
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(async () => {
      await ended
      await db.sql`select 1`
    })
    const waiting = [db.sql`select 1 as one`, db.sql`select 2 as two`]
    end()
    await expect(holder).rejects.toBeInstanceOf(errors.ConnectionLost)
    await expect(waiting[0]).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    await expect(waiting[1]).resolves.toEqual([{ two: 2 }])
    expect(connections).toBe(3)
  })

  it('P1 is not waited for beyond the time, nor beyond what the caller gave up; what opens late serves the others', async () => {
    const { promise: opened, resolve: open } = signalled()
    let attempts = 0
    const connecting = (): Promise<void> => {
      attempts += 1
      return opened
    }
    await using db = createDb(nodeSqlite({ connecting, limits: { writer: 2 }, pool: { acquireTimeout: 40 }, breaker: { failures: 3 } }))
    const left = new Error('the client left')
    const controller = new AbortController()
    const query = db.sql.with({ signal: controller.signal })`select 1`
    const others = Promise.allSettled([db.sql`select 2`, db.transaction(async () => undefined)])
    controller.abort(left)
    await expect(query).rejects.toBe(left)
    expect(await others).toMatchObject([
      // It began a connection of its own, the other one waited for the first that would be free.
      { reason: { code: 'db/connection-failed', message: expect.stringContaining('no connection was made within 40 ms') } },
      { reason: { code: 'db/pool-timeout', message: expect.stringContaining('(max 2, total 2, idle 0, waiting 1)') } },
    ])
    const late = [db.sql`select 3 as three`, db.sql`select 4 as four`]
    open()
    expect(await Promise.all(late)).toEqual([[{ three: 3 }], [{ four: 4 }]])
    expect(attempts).toBe(2)
    expect((await db.health())[0]?.pools).toMatchObject({ writer: { total: 2, idle: 2, waiting: 0, holders: [] } })
    expect(attempts).toBe(3)
  })

  it('is waited for when nobody waits for others, and those without one do not queue', async () => {
    const { promise: opened, resolve: open } = signalled()
    const options = { limits: { writer: 3 }, pool: { acquireTimeout: 0 }, breaker: { failures: 1 } }
    await using db = createDb(nodeSqlite({ connecting: () => opened, ...options }))
    const queries = [1, 2, 3].map((number) => db.sql`select ${number} as number`)
    await expect(db.sql`select 4 as number`).rejects.toBeInstanceOf(errors.PoolTimeout)
    open()
    expect(await Promise.all(queries)).toEqual([[{ number: 1 }], [{ number: 2 }], [{ number: 3 }]])
    expect((await db.health())[0]?.breaker).toBe('closed')
  })

  it('R4 that takes too long says nothing of the server, but that it failed later does, though nobody waits any more', async () => {
    const { promise: refused, reject: refuse } = Promise.withResolvers<never>()
    let attempts = 0
    const connecting = (): Promise<never> => {
      attempts += 1
      return refused
    }
    await using db = createDb(nodeSqlite({ connecting, limits: { writer: 2 }, pool: { acquireTimeout: 10 }, breaker: { failures: 1 } }))
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/connection-failed', name: 'ConnectionFailedError' })
    refuse(new errors.ConnectionFailedError('nobody home'))
    await turn()
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.CircuitOpen)
    expect(attempts).toBe(2)
  })

  it('that nobody waits for any more is closed with the database', async () => {
    const { promise: opened, resolve: open } = signalled()
    let closed = 0
    const faults = (): { close: () => void } => ({
      close: () => {
        closed += 1
      },
    })
    const db = createDb(nodeSqlite({ connecting: () => opened, faults, pool: { acquireTimeout: 10 } }))
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    const closing = db.close()
    open()
    await closing
    expect(closed).toBe(1)
  })

  it('P8 replaces a connection lost by a query that only reads, and asks the new one', async () => {
    let connections = 0
    await using db = createDb(
      nodeSqlite({
        connecting: () => {
          connections += 1
        },
        faults: () =>
          connections === 1
            ? {
                execute: async () => {
                  throw new errors.ConnectionLost()
                },
                close: () => {
                  throw new Error('gone already')
                },
              }
            : {},
      }),
    )
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    expect(connections).toBe(2)
  })
})

describe('closing', () => {
  it('lets what runs and what waits come to its end, and takes nothing new', async () => {
    const holder = await fileDb()
    await using _ = holder
    const { db } = holder
    const { promise: ended, resolve: end } = signalled()
    const running = db.transaction(async () => {
      await ended
      await db.sql`insert into notes (id, body) values (1, 'A')`
      return bodies(db)
    })
    const waiting = db.sql.run`insert into notes (id, body) values (2, 'B')`
    const closed = db.close()
    await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/closed', statusCode: 503 })
    await expect(db.transaction(async () => undefined)).rejects.toBeInstanceOf(errors.DatabaseClosedError)
    await expect(db.health()).rejects.toBeInstanceOf(errors.DatabaseClosedError)
    end()
    expect(await running).toEqual(['A'])
    expect(await waiting).toMatchObject({ changes: 1 })
    await closed
    await db.close()
  })

  it('takes nothing new of an engine that would answer at once either', async () => {
    await using holder = await fileDb({ embedded: true })
    const { db } = holder
    const { promise: ended, resolve: end } = signalled()
    for (let count = 0; count < 2; count += 1) expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    const running = db.transaction(async () => {
      await ended
      return bodies(db)
    })
    const closed = db.close()
    await expect(db.sql`select 1 as one`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
    end()
    expect(await running).toEqual([])
    await closed
  })

  it('cuts what has not ended at the deadline', async () => {
    const db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const running = db.transaction(async () => {
      await ended
      await db.sql`insert into notes (id, body) values (1, 'A')`
    })
    const waiting = db.sql`select 1`
    await Promise.all([db.close({ drain: 10 }), expect(waiting).rejects.toBeInstanceOf(errors.DatabaseClosedError)])
    end()
    await expect(running).rejects.toBeInstanceOf(errors.ConnectionLost)
  })

  it('waits for as long as a timer can when the deadline is further away', async () => {
    const db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const running = db.transaction(async () => {
      await ended
      return bodies(db)
    })
    const closed = db.close({ drain: '30d' })
    setTimeout(end, 20)
    expect(await running).toEqual([])
    await closed
  })

  it('reports connections that do not close', async () => {
    const db = await memoryDb({
      faults: () => ({
        close: () => {
          throw new Error('stuck')
        },
      }),
    })
    await expect(db.close()).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: expect.stringContaining('1 of 1 writer') })],
    })
  })

  it('closes a connection that was being opened meanwhile', async () => {
    const { promise: opened, resolve: open } = signalled()
    const db = createDb(nodeSqlite({ connecting: () => opened }))
    const query = db.sql`select 1`
    await db.close({ drain: 0 })
    open()
    await expect(query).rejects.toBeInstanceOf(errors.DatabaseClosedError)
  })
})
