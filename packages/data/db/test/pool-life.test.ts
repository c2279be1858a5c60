import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, jest } from '@jest/globals'
import { eventually } from '@covet/testing'
import { type AcquireEvent, type Connection, createDb, errors, type LeakEvent, type PoolState } from '../src/index.ts'
import type { Database } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf, stillRuntime } from './support/cluster.ts'
import { bodies, collect, signalled } from './support/databases.ts'

async function turns(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await turn()
}

async function poolOf(db: Database): Promise<PoolState> {
  const [node] = await db.health()
  return node?.pools.writer as PoolState
}

describe('DB-6 REL-08 an exhausted pool', () => {
  it('turns the next one away in time, with numbers, the longest holders and where each of them is', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 2, acquireTimeout: 40 } })
    const { promise: ended, resolve: end } = signalled()
    const begun = [signalled(), signalled()]
    const hold = (holder: 0 | 1) => (): Promise<void> => {
      begun[holder]?.resolve()
      return ended
    }
    const shipping = db.transaction(hold(0))
    const billing = db.transaction(hold(1))
    await Promise.all(begun.map(({ promise }) => promise))
    // Who looks at a call site for the first time waits for the maps of the sources.
    expect((await poolOf(db)).holders).toHaveLength(2)
    const asked = performance.now()
    // Whatever else the machine does, timers that are due at one time fire one after the other.
    const due = new Promise<number>((resolve) => setTimeout(() => resolve(performance.now()), 40))
    const outcome = db.sql`select 1`
    await expect(outcome).rejects.toMatchObject({
      code: 'db/pool-timeout',
      message: expect.stringMatching(
        /^No writer connection became free within 40 ms \(max 2, total 2, idle 0, waiting 1\)\. Held longest: \d+ ms by .*pool-life\.test\.ts:\d+:\d+, \d+ ms by .*pool-life\.test\.ts:\d+:\d+\. Shorten/,
      ),
      holders: [{ heldMs: expect.any(Number), site: expect.stringContaining('pool-life.test.ts') }, expect.anything()],
    })
    expect(performance.now() - asked).toBeGreaterThan(35)
    expect(performance.now() - (await due)).toBeLessThan(100)
    const { holders } = (await outcome.catch((error: unknown) => error)) as errors.PoolTimeout
    expect(new Set(holders.map(({ site }) => site)).size).toBe(2)
    end()
    await Promise.all([shipping, billing])
    expect(await poolOf(db)).toMatchObject({ total: 2, idle: 2, waiting: 0, holders: [], waited: { count: 1 } })
  })

  it('P3 says when the one who waits is inside a transaction that holds one of the connections', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 2, acquireTimeout: 20 } })
    const { promise: ended, resolve: end } = signalled()
    const other = db.transaction(() => ended)
    const outcome = db.transaction(() => db.detached(() => db.sql`select 1`))
    await expect(outcome).rejects.toThrow('The caller is inside a transaction that holds one of them')
    end()
    await other
    emitWarning.mockRestore()
  })

  it('keeps call sites for a share of the acquisitions only', async () => {
    let chance = 0
    const runtime = { random: () => chance }
    await using db = await clusterDb(new Cluster('primary'), { pool: { callSites: 0.5 } }, runtime)
    const sites = async (): Promise<(string | undefined)[]> => (await poolOf(db)).holders.map(({ site }) => site)
    await db.transaction(async () => expect(await sites()).toEqual([expect.stringContaining('pool-life')]))
    chance = 0.9
    await db.transaction(async () => expect(await sites()).toEqual([undefined]))
    await using none = await clusterDb(new Cluster('primary'), { pool: { callSites: 0 } })
    await none.transaction(async () => expect((await poolOf(none)).holders).toEqual([{ heldMs: expect.any(Number) }]))
  })
})

describe('P2 a connection that comes back with a transaction open', () => {
  it('DB-7 is rolled back, lent again and reported with where it was taken, a thousand times', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster, { pool: { max: 3 } })
    const leaks: LeakEvent[] = []
    db.on('leak', (event) => leaks.push(event))
    const careless = (): Promise<unknown> =>
      db.withConnection(async (connection) => {
        await connection.begin({ readOnly: false })
        await connection.execute({ text: `insert into notes (body) values ('lost')`, params: [] })
        throw new Error('between acquire and release')
      })
    for (let count = 0; count < 1_000; count += 10) {
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, careless))
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    }
    expect(await bodies(db)).toEqual([])
    expect(leaks).toHaveLength(1_000)
    expect(leaks[0]).toMatchObject({
      connection: 'main',
      node: 'node0',
      role: 'writer',
      heldMs: expect.any(Number),
      stack: expect.stringContaining('pool-life.test.ts'),
    })
    const { total } = await poolOf(db)
    expect(total).toBeLessThanOrEqual(3)
    expect([...nodesOf(cluster)[0].connections].every(({ transactionStatus }) => transactionStatus === 'idle')).toBe(true)
  })

  it('is thrown away when it does not roll back', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster)
    const failures: unknown[] = []
    db.on('failure', ({ operation }) => failures.push(operation))
    await db.withConnection(async (connection) => {
      await connection.begin({ readOnly: false })
      connection.rollback = async () => {
        throw new errors.QueryFailed('no rollback')
      }
    })
    await db.sql`select 1`
    expect(failures).toEqual(['release'])
  })

  it('is closed instead of being lent again while something still runs on it', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster)
    let used: Connection | undefined
    await db.withConnection((connection) => {
      used = Object.assign(connection, { isBusy: true })
    })
    expect(used?.isOpen).toBe(false)
    await db.sql`select 1`
    expect([nodesOf(cluster)[0].connections.size, (await poolOf(db)).total]).toEqual([1, 1])
  })

  it('is reported too when something still runs on it, which nobody waits for', async () => {
    await using db = await clusterDb(new Cluster('primary'))
    const leaks: LeakEvent[] = []
    db.on('leak', (event) => leaks.push(event))
    await db.withConnection(async (connection) => {
      await connection.begin({ readOnly: false })
      Object.assign(connection, { isBusy: true })
    })
    expect(leaks).toEqual([expect.objectContaining({ node: 'node0', stack: expect.stringContaining('pool-life.test.ts') })])
  })

  it.each([
    ['is busy', { isBusy: { value: true } }],
    ['cannot be trusted any more', { isOpen: { value: false } }],
  ])(
    'counts until it is closed, when it %s: no other is opened in its place, and the database is not closed before it',
    async (_, state) => {
      const cluster = new Cluster('primary')
      await using db = await clusterDb(cluster, { pool: { max: 1 } })
      const slowToClose = (until: Promise<void>): Promise<void> =>
        db.withConnection((connection) => {
          const close = connection.close.bind(connection)
          Object.defineProperties(connection, { ...state, close: { value: () => until.then(close) } })
        })
      const [first, last] = [signalled(), signalled()]
      await slowToClose(first.promise)
      const { opened } = nodesOf(cluster)[0]
      const query = db.sql`select 1 as one`
      await turns()
      expect(nodesOf(cluster)[0].opened).toBe(opened)
      expect((await poolOf(db)).total).toBe(1)
      first.resolve()
      expect(await query).toEqual([{ one: 1 }])
      await slowToClose(last.promise)
      await expectClosedAfter(db, last.resolve)
      expect(nodesOf(cluster)[0].connections.size).toBe(0)
    },
  )

  it('is waited for also when the database may not wait for work', async () => {
    const cluster = new Cluster('primary')
    const db = await clusterDb(cluster)
    const { promise: ended, resolve: end } = signalled()
    await db.withConnection((connection) => {
      const close = connection.close.bind(connection)
      Object.assign(connection, { isBusy: true, close: () => ended.then(close) })
    })
    let closed = false
    const closing = db.close({ drain: 0 }).then(() => {
      closed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(closed).toBe(false)
    end()
    await closing
    expect(nodesOf(cluster)[0].connections.size).toBe(0)
  })

  it('is the ambient one inside a transaction, which may not be ended there', async () => {
    await using db = await clusterDb(new Cluster('primary'))
    await db.transaction(async () => {
      await db.withConnection((connection) => connection.execute({ text: `insert into notes (body) values ('A')`, params: [] }))
      expect(await poolOf(db)).toMatchObject({ total: 1 })
    })
    expect(await bodies(db)).toEqual(['A'])
    const outcome = db.transaction(() => db.withConnection((connection) => connection.rollback()))
    await expect(outcome).rejects.toMatchObject({ code: 'db/ended-transaction' })
  })
})

describe('P1 the age of connections', () => {
  it('ends those idle for too long down to the minimum, and replaces the old ones', async () => {
    const cluster = new Cluster('primary')
    const { runtime, advance } = stillRuntime()
    const pool = { max: 4, min: 1, idleTimeout: 20, maxLifetime: '1h' } as const
    await using db = await clusterDb(cluster, { pool }, runtime)
    await Promise.all([1, 2, 3, 4].map(() => db.sql`select 1`))
    expect((await poolOf(db)).total).toBe(4)
    advance(21)
    await eventually(async () => expect(await poolOf(db)).toMatchObject({ total: 1 }))
    const { opened } = nodesOf(cluster)[0]
    advance(3_600_000)
    await eventually(() => expect(nodesOf(cluster)[0].opened).toBeGreaterThan(opened))
    await eventually(async () => expect(await poolOf(db)).toMatchObject({ idle: 1 }))
  })

  it('replaces a connection that grew old while it was lent, all of them at different times', async () => {
    const cluster = new Cluster('primary')
    const { runtime, advance } = stillRuntime()
    let chance = 0
    await using db = await clusterDb(cluster, { pool: { maxLifetime: 1_000 } }, { ...runtime, random: () => chance })
    chance = 1
    const { promise: ended, resolve: end } = signalled()
    const both = [db.transaction(() => ended), db.transaction(() => ended)]
    await eventually(async () => expect(await poolOf(db)).toMatchObject({ total: 2 }))
    // The first lives for the whole of it, the second for a tenth less.
    advance(950)
    end()
    await Promise.all(both)
    expect(await poolOf(db)).toMatchObject({ total: 1, idle: 1 })
  })

  it('keeps the minimum open from the start, and replaces what is lost of it', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster, { pool: { min: 2, idleTimeout: 10 } })
    expect((await poolOf(db)).total).toBe(2)
    nodesOf(cluster)[0].kill()
    await eventually(async () => expect(await poolOf(db)).toMatchObject({ idle: 2 }))
  })

  it('counts an old one until it is closed: no other is opened in its place, and the database is not closed before it', async () => {
    const cluster = new Cluster('primary')
    const { runtime, advance } = stillRuntime()
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1, idleTimeout: 20 } }, runtime)
    const growOld = async (until: Promise<void>): Promise<void> => {
      let isClosing = false
      await db.withConnection((connection) => {
        const close = connection.close.bind(connection)
        Object.assign(connection, {
          close: () => {
            isClosing = true
            return until.then(close)
          },
        })
      })
      advance(21)
      await eventually(() => expect(isClosing).toBe(true))
    }
    const [first, last] = [signalled(), signalled()]
    await growOld(first.promise)
    const { opened } = node
    const query = db.sql`select 1 as one`
    await turns()
    expect(node.opened).toBe(opened)
    expect(await poolOf(db)).toMatchObject({ total: 1, idle: 0, waiting: 1 })
    first.resolve()
    expect(await query).toEqual([{ one: 1 }])
    await growOld(last.promise)
    await expectClosedAfter(db, last.resolve)
    expect(node.connections.size).toBe(0)
  })

  it.each([0, '5s'] as const)(
    'opens a fresh one in the place of one that is idle, once that is closed (acquireTimeout: %s)',
    async (acquireTimeout) => {
      const cluster = new Cluster('primary')
      const [node] = nodesOf(cluster)
      await using db = await clusterDb(cluster, { pool: { max: 2, acquireTimeout } })
      const { promise: ended, resolve: end } = signalled()
      await Promise.all(
        [1, 2].map(() =>
          db.withConnection(async (connection) => {
            const close = connection.close.bind(connection)
            Object.assign(connection, { execute: () => Promise.reject(new errors.ConnectionLost()), close: () => ended.then(close) })
            await turn()
          }),
        ),
      )
      const { opened } = node
      const query = db.sql`select 1 as one`
      await turns()
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(node.opened).toBe(opened)
      expect((await poolOf(db)).total).toBeLessThanOrEqual(2)
      end()
      expect(await query).toEqual([{ one: 1 }])
    },
  )

  it('DB-8 makes room for another at once when it was lost, also where nobody waits for a connection', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1, acquireTimeout: 0 } }, { sleep: async () => undefined })
    const losing = async (read: () => Promise<unknown>): Promise<unknown> => {
      for (const connection of node.connections) {
        const close = connection.close.bind(connection)
        Object.assign(connection, { close: () => new Promise<void>((resolve) => setTimeout(resolve, 20)).then(close) })
      }
      node.kill({ silent: true })
      return read()
    }
    expect(await losing(() => db.execute({ text: 'select 1 as one', params: [] }))).toMatchObject({ rows: [{ one: 1 }] })
    expect(await losing(() => collect(db.sql.stream`select 1 as one`))).toEqual([{ one: 1 }])
    expect(await losing(() => db.transaction(() => db.sql`select 1 as one`))).toEqual([{ one: 1 }])
  })

  it('is nothing to an engine in this process', async () => {
    const cluster = new Cluster('primary')
    const { connection } = cluster.definition({ pool: { min: 3, idleTimeout: 1, maxLifetime: 1 } })
    const { runtime, advance } = stillRuntime()
    await using db = createDb({ connection: { ...connection, driver: { ...connection.driver, embedded: true } } }, runtime)
    await db.connect()
    advance(1e9)
    await db.sql`select 1`
    await db.sql`select 1`
    expect(nodesOf(cluster)[0].opened).toBe(1)
    expect(await db.health()).toMatchObject([{ state: 'up', pools: { writer: { total: 1 } } }])
  })
})

describe('acquire events', () => {
  it('tell who got a connection when, and how long that took', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 1 } })
    const events: AcquireEvent[] = []
    db.on('acquire', (event) => events.push(event))
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const query = db.sql`select 1`
    setTimeout(end, 20)
    await Promise.all([holder, query])
    expect(events.map(({ connection, node, role }) => [connection, node, role])).toEqual([
      ['main', 'node0', 'writer'],
      ['main', 'node0', 'writer'],
    ])
    expect(events[1]?.waitMs).toBeGreaterThan(10)
    const { waited } = await poolOf(db)
    expect(waited.count).toBe(1)
    expect(waited.longestMs).toBeGreaterThan(10)
    expect(waited.totalMs).toBe(waited.longestMs)
  })
})

describe('trap 15 the share of one request', () => {
  it('is limited, so that others get their connections', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 3, perScope: 2 } })
    const order: string[] = []
    const greedy = db.run(() =>
      Promise.all(Array.from({ length: 8 }, (_, index) => db.transaction(async () => void order.push(`greedy ${index}`)))),
    )
    const modest = db.run(() => db.sql`select 1`.then(() => order.push('modest')))
    await Promise.all([greedy, modest])
    expect(order.indexOf('modest')).toBeLessThan(4)
    expect(order).toHaveLength(9)
  })

  it('does not stop what a transaction of the request needs to go on, nor code outside of any', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 3, perScope: 1 } })
    const value = await db.run(() => db.transaction(async () => db.detached(() => db.sql`select 1 as one`)))
    expect(value).toEqual([{ one: 1 }])
    await Promise.all([db.sql`select 1`, db.script('select 1'), db.sql`select 3`])
  })

  it('is taken by streams too, until they end or are left', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 3, perScope: 1 } })
    await db.run(async () => {
      const first = db.sql.stream<{ id: number }>`select 1 as id union select 2`[Symbol.asyncIterator]()
      expect(await first.next()).toMatchObject({ value: { id: 1 } })
      const order: string[] = []
      const second = collect(db.sql.stream`select 3 as id`).then((rows) => (order.push('second'), rows))
      const query = db.sql`select 4 as id`.then((rows) => (order.push('query'), rows))
      expect((await poolOf(db)).total).toBe(1)
      order.push('left')
      await first.return?.()
      expect([await second, await query]).toEqual([[{ id: 3 }], [{ id: 4 }]])
      expect(order).toEqual(['left', 'second', 'query'])
      // A statement that writes is read at once, in the place of its stream.
      await collect(db.sql.stream`insert into notes (body) values ('A')`)
    })
    expect(await bodies(db)).toEqual(['A'])
  })

  it('ends the wait of a request for itself', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 3, perScope: 1, acquireTimeout: 20 } })
    const { promise: ended, resolve: end } = signalled()
    await db.run(async () => {
      const holder = db.transaction(() => ended)
      await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/request-busy' })
      end()
      await holder
      await db.sql`select 1`
    })
  })
})

/** The database is not closed before what a connection waits for. */
async function expectClosedAfter(db: Database, release: () => void): Promise<void> {
  let closed = false
  const closing = db.close().then(() => {
    closed = true
  })
  await turns()
  expect(closed).toBe(false)
  release()
  await closing
}
