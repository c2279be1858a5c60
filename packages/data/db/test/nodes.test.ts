import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, jest } from '@jest/globals'
import { type BreakerEvent, createDb, type Database, errors } from '../src/index.ts'
import { Cluster, clusterDb, type FakeNode, nodesOf, stillRuntime } from './support/cluster.ts'
import { bodies, collect, signalled } from './support/databases.ts'

describe('R5 health', () => {
  it('is asked on a connection of its own, so that a full pool is saturated and a silent server down', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1 }, health: { timeout: 50 } })
    await db.transaction(async () => {
      expect(await db.health()).toMatchObject([{ state: 'saturated', latencyMs: expect.any(Number) }])
    })
    expect(await db.health()).toMatchObject([{ state: 'up', breaker: 'closed', pools: { writer: { total: 1, idle: 1 } } }])
    node.hangs = true
    expect(await db.health()).toMatchObject([{ state: 'down', error: { code: 'resilience/deadline-exceeded' } }])
    node.hangs = false
    expect(await db.health()).toMatchObject([{ state: 'up' }])
  })
})

describe('health asked by many at once', () => {
  it('is asked of the node once', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const { opened } = node
    const all = await Promise.all(Array.from({ length: 10 }, () => db.health()))
    expect(all.map(([first]) => first?.state)).toEqual(Array.from({ length: 10 }, () => 'up'))
    expect(node.opened - opened).toBe(1)
    await expect(db.health({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})

describe('DB-10 R4 the breaker of a node', () => {
  it('opens after so many failures to reach it, refuses at once, and closes after one attempt', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 3, openFor: '5s' } }, runtime)
    const events: BreakerEvent[] = []
    db.on('breaker', (event) => events.push(event))
    node.down = true
    node.kill()
    for (let count = 0; count < 3; count += 1) await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/connection-failed' })
    advance(1_000)
    const { opened } = node
    for (const work of [() => db.sql`select 1`, () => db.transaction(async () => undefined), () => db.script('select 1')]) {
      await expect(work()).rejects.toMatchObject({
        code: 'db/circuit-open',
        statusCode: 503,
        headers: { 'retry-after': '4' },
        retryAfterMs: 4_000,
        node: 'node0',
        cause: expect.any(errors.ConnectionFailedError),
      })
    }
    expect(node.opened).toBe(opened)
    expect(await db.health()).toMatchObject([{ breaker: 'open', state: 'down' }])
    node.down = false
    advance(4_000)
    const outcomes = await Promise.allSettled([db.sql`select 1`, db.sql`select 2`])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await db.sql`select 3`
    expect(events.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed'])
    expect(events[0]).toMatchObject({ connection: 'main', node: 'node0', error: expect.any(errors.ConnectionFailedError) })
  })

  it('does not spend its one attempt on a stream whose statement turns out to write', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
    const insert = async (id: number): Promise<void> => {
      const text = 'insert into notes (id, body) values (?, ?)'
      for await (const _ of db.stream({ text, params: [id, `n${id}`] })) continue
    }
    for (const id of [1, 2]) {
      await openAndWait(db, node, advance)
      // Once by a text nobody asked about yet, once by one that is known to write.
      await insert(id)
      expect(await db.health()).toMatchObject([{ breaker: 'closed' }])
    }
    expect(await db.sql`select id from notes order by id`).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('closes after a stream whose reader stops early', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
    await openAndWait(db, node, advance)
    for await (const _ of db.sql.stream`select 1 union select 2`) break
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it.each(['transaction', 'sandbox', 'withConnection'] as const)(
    'closes after one attempt that reached the server, whatever the caller threw then (%s)',
    async (attempt) => {
      const cluster = new Cluster('primary')
      const [node] = nodesOf(cluster)
      const { runtime, advance } = stillRuntime()
      await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
      await openAndWait(db, node, advance)
      const own = new Error('of the caller')
      await expect(db[attempt](() => Promise.reject(own))).rejects.toBe(own)
      expect(await db.health()).toMatchObject([{ breaker: 'closed' }])
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    },
  )

  it('does not spend its one attempt on a connection that was idle all the while', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    const work = [
      (db: Database) => db.sql`select 1`,
      (db: Database) => db.sql`insert into notes (body) values ('A')`,
      (db: Database) => db.transaction(() => db.sql`select 1`),
      (db: Database) => db.withConnection(async () => undefined),
      (db: Database) => collect(db.sql.stream`select 1`),
      (db: Database) => db.consistencyToken(),
    ]
    for (const attempt of work) {
      await using db = createDb(cluster.definition({ pool: { max: 2 }, breaker: { failures: 1, openFor: '5s' } }), runtime)
      await db.script('create table if not exists notes (id integer primary key, body text not null)')
      await Promise.all([db.sql`select 1`, db.sql`select 1`])
      node.down = true
      await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/connection-failed' })
      node.kill({ silent: true })
      node.down = false
      advance(5_000)
      await attempt(db)
      expect(await db.health()).toMatchObject([{ breaker: 'closed' }])
    }
  })

  it('lets others in as soon as the transaction of its one attempt has begun', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
    await openAndWait(db, node, advance)
    await db.transaction(async () => expect(await db.detached(() => db.sql`select 1 as one`)).toEqual([{ one: 1 }]))
  })

  it('hears that no connection was to be had for a position of the primary', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
    const states: string[] = []
    db.on('breaker', ({ state }) => states.push(state))
    node.down = true
    node.kill()
    await expect(db.consistencyToken()).rejects.toMatchObject({ code: 'db/connection-failed' })
    expect(states).toEqual(['open'])
    advance(5_000)
    await expect(db.consistencyToken()).rejects.toMatchObject({ code: 'db/connection-failed' })
    expect(states).toEqual(['open', 'half-open', 'open'])
    node.down = false
    advance(5_000)
    await db.consistencyToken()
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
  })

  it('turns away all who wait for a connection once it is open, without a try for each', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1 }, breaker: { failures: 3 } })
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const waiting = Array.from({ length: 50 }, () => db.sql`select 1`)
    const { attempts } = node
    node.down = true
    end()
    await expect(holder).rejects.toBeInstanceOf(errors.DatabaseError)
    const outcomes = await Promise.allSettled(waiting)
    const codes = outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as errors.CircuitOpen).code)
    expect(new Set(codes)).toEqual(new Set(['db/connection-failed', 'db/circuit-open']))
    expect(node.attempts - attempts).toBeLessThan(10)
  })

  it('trap 17 stays closed through a thousand unique violations', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster, { breaker: { failures: 2 } })
    await db.sql`insert into notes (id, body) values (1, 'A')`
    for (let count = 0; count < 1_000; count += 1) {
      await expect(db.sql`insert into notes (id, body) values (2, 'A')`).rejects.toBeInstanceOf(errors.UniqueViolation)
    }
    expect(await db.health()).toMatchObject([{ breaker: 'closed', state: 'up' }])
  })

  it('hears nothing of a connection that another database lost inside of a transaction, which keeps its own', async () => {
    const [cluster, reports] = [new Cluster('primary'), new Cluster('primary')]
    await using db = createDb({
      default: 'main',
      connections: { main: cluster.definition({ breaker: { failures: 1 } }), reports: reports.definition() },
    })
    await db.connect()
    const { opened } = nodesOf(cluster)[0]
    const outcome = db.transaction(async () => {
      await db.sql`select 1`
      await db.connection('reports').transaction(async () => {
        await db.connection('reports').sql`select 1`
        nodesOf(reports)[0].kill()
        await db.connection('reports').sql`select 1`
      })
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionLost)
    await db.sql`select 1`
    expect(nodesOf(cluster)[0].opened).toBe(opened)
    expect((await db.health())[0]).toMatchObject({ connection: 'main', breaker: 'closed', state: 'up' })
  })

  it('is one per node: a dead replica does not stand in the way of the primary', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', breaker: { failures: 1 } })
    jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await db.sql`select 1`
    replica.down = true
    replica.kill()
    for (let count = 0; count < 3; count += 1) await db.sql`select 2`
    expect(primary.seen).toEqual(['select 2', 'select 2', 'select 2'])
    jest.restoreAllMocks()
  })

  it('can be left out', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { breaker: false })
    node.down = true
    node.kill()
    for (let count = 0; count < 10; count += 1) await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/connection-failed' })
  })
})

describe('DB-8 REL-08 connections that the server ended', () => {
  it.each([false, true])('cost no read anything, heard of or not (silent: %s)', async (silent) => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 10 }, breaker: { failures: 3 } })
    await Promise.all(Array.from({ length: 10 }, () => db.sql`select 1`))
    node.kill({ silent })
    const rows = await Promise.all(Array.from({ length: 100 }, () => db.sql`select 1 as one`))
    expect(rows).toEqual(Array.from({ length: 100 }, () => [{ one: 1 }]))
    expect(await db.health()).toMatchObject([{ state: 'up', breaker: 'closed' }])
  })

  it('leave the pool at once when they were idle and the loss is heard of', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    node.kill()
    expect(await db.health()).toMatchObject([{ pools: { writer: { total: 0 } } }])
    await db.sql`insert into notes (id, body) values (1, 'A')`
  })

  it('fail a write that was sent, which is never sent twice', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    node.kill({ silent: true })
    await expect(db.sql`insert into notes (id, body) values (1, 'A')`).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(node.seen).toHaveLength(1)
  })

  it('REL-08 have what only reads asked again after a pause of full jitter', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const pauses: number[] = []
    const sleep = async (ms: number): Promise<void> => {
      expect(node.seen).toHaveLength(1)
      pauses.push(ms)
    }
    await using db = await clusterDb(cluster, {}, { random: () => 0.5, sleep })
    node.kill({ silent: true })
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    expect([pauses, node.seen]).toEqual([[5], ['select 1 as one', 'select 1 as one']])
  })

  it.each([false, true])('cost no stream anything whose rows have not begun to come (silent: %s)', async (silent) => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const sleep = jest.fn(async () => undefined)
    await using db = await clusterDb(cluster, { breaker: { failures: 1 } }, { sleep })
    node.kill({ silent })
    expect(await collect(db.sql.stream`select 1 as n union select 2`)).toEqual([{ n: 1 }, { n: 2 }])
    expect(sleep).toHaveBeenCalledTimes(silent ? 1 : 0)
    expect(await db.health()).toMatchObject([{ state: 'up', breaker: 'closed', pools: { writer: { total: 1, idle: 1 } } }])
  })

  it('cost a stream on a replica nothing while another one is left', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [primary, first, second] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' }, { random: () => 0 })
    await collect(db.sql.stream`select 1 as n`)
    first.down = true
    expect(await collect(db.sql.stream`select 1 as n`)).toEqual([{ n: 1 }])
    expect([primary.seen.length, first.seen.length, second.seen.length]).toEqual([0, 2, 1])
  })

  it('fail a stream that lost its connection twice, or after the first of its rows', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const sleep = async (): Promise<void> => {
      node.loses = true
    }
    await using db = await clusterDb(cluster, { breaker: { failures: 1 } }, { sleep })
    node.kill({ silent: true })
    await expect(collect(db.sql.stream`select 1`)).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect([node.seen.length, await db.health()]).toMatchObject([2, [{ breaker: 'open' }]])
    const second = new Cluster('primary')
    await using other = await clusterDb(second)
    async function* stream(): AsyncGenerator<unknown> {
      yield { n: 1 }
      throw new errors.ConnectionLost()
    }
    for (const connection of nodesOf(second)[0].connections) Object.assign(connection, { stream })
    const rows: unknown[] = []
    const reading = async (): Promise<void> => {
      for await (const row of other.sql.stream`select 1 as n union select 2`) rows.push(row)
    }
    await expect(reading()).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(rows).toEqual([{ n: 1 }])
  })

  it('REL-08 do not have a query asked again that its caller gave up during the pause', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const left = new Error('the client left')
    const controller = new AbortController()
    const sleep = async (_ms: number, signal?: AbortSignal): Promise<void> => {
      controller.abort(left)
      signal?.throwIfAborted()
    }
    await using db = await clusterDb(cluster, {}, { sleep })
    node.kill({ silent: true })
    await expect(db.sql.with({ signal: controller.signal })`select 1`).rejects.toBe(left)
    expect(node.seen).toHaveLength(1)
  })

  it('fail the transaction in their middle, begin the next elsewhere, and replace one lost before it began', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      node.kill({ silent: true })
      await db.sql`select 1`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionLost)
    await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'B')`)
    node.kill({ silent: true })
    await db.transaction(() => db.sql`insert into notes (id, body) values (3, 'C')`)
    expect(await bodies(db)).toEqual(['B', 'C'])
  })
})

describe('the server', () => {
  it('is known after a connection was opened, once', async () => {
    const cluster = new Cluster('primary')
    await using db = createDb(cluster.definition())
    expect(await db.server()).toMatchObject({ product: 'Fake', version: [1, 2, 3] })
    expect(db.server()).toMatchObject({ product: 'Fake' })
  })

  it('trap 18 is compared with what all processes may want, with a warning', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    node.maxConnections = 100
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const before = process.env['WEB_CONCURRENCY']
    process.env['WEB_CONCURRENCY'] = '8'
    await using fits = createDb(cluster.definition({ pool: { max: 10 } }))
    await fits.connect()
    expect(emitWarning).not.toHaveBeenCalled()
    await using db = createDb(cluster.definition({ pool: { max: 20 } }))
    await db.connect()
    expect(emitWarning.mock.calls).toEqual([[expect.stringMatching(/8 processes .* 21 .* 168, .* takes 100/), 'CovetDatabaseWarning']])
    if (before === undefined) delete process.env['WEB_CONCURRENCY']
    else process.env['WEB_CONCURRENCY'] = before
    emitWarning.mockRestore()
  })
})

describe('closing several nodes', () => {
  it('closes the connections of all of them, and those of the health checks', async () => {
    const cluster = new Cluster('primary', 'replica')
    const db = await clusterDb(cluster, { reads: 'replica', health: { every: 5 } })
    await db.sql`select 1`
    await db.health()
    await db.close()
    await pause(20)
    expect(cluster.nodes.map(({ connections }) => connections.size)).toEqual([0, 0])
  })
})

/** Has the breaker of a node open by one failure, and ends the time it stays open. */
async function openAndWait(db: Database, node: FakeNode, advance: (milliseconds: number) => void): Promise<void> {
  node.down = true
  node.kill()
  await expect(db.sql`select 1`).rejects.toMatchObject({ code: 'db/connection-failed' })
  node.down = false
  advance(5_000)
}
