import { describe, expect, it } from '@jest/globals'
import { list, type QueryEvent, type SlowEvent } from '../src/index.ts'
import { Cluster, clusterDb, stillRuntime } from './support/cluster.ts'
import { memoryDb, signalled } from './support/databases.ts'

const secret = 'the secret'

describe('DB-15 the slow-query log', () => {
  it('tells the wait for a connection apart from the run, where it was asked, and nothing of the values', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 1 }, slowQuery: { over: 0 } })
    const { promise: ended, resolve: end } = signalled()
    const slow: SlowEvent[] = []
    db.on('slow', (event) => slow.push(event))
    const holder = db.transaction(() => ended)
    const query = db.sql`select ${secret} as a, ${1} as b, ${null} as c`
    setTimeout(end, 40)
    await Promise.all([holder, query])
    expect(slow).toHaveLength(1)
    const [event] = slow as [SlowEvent]
    expect(event).toMatchObject({
      connection: 'main',
      node: 'node0',
      text: 'select ? as a, ? as b, ? as c',
      shape: expect.stringMatching(/^[0-9a-f]{12}$/),
      rows: 1,
      params: ['string', 'number', 'null'],
      site: expect.stringMatching(/slow\.test\.ts:\d+:\d+$/),
    })
    expect(event.waitMs).toBeGreaterThan(30)
    expect(event.runMs).toBeLessThan(event.waitMs)
    expect(JSON.stringify(event)).not.toContain(secret)
  })

  it('names the shape that queries share which differ in values alone, and explains each shape once', async () => {
    await using db = await clusterDb(new Cluster('primary'), { slowQuery: { over: 0, explain: true } })
    const told: SlowEvent[] = []
    let { promise: heard, resolve } = Promise.withResolvers<void>()
    db.on('slow', (event) => {
      told.push(event)
      resolve()
    })
    const run = async (query: () => PromiseLike<unknown>): Promise<void> => {
      ;({ promise: heard, resolve } = Promise.withResolvers<void>())
      await query()
      await heard
    }
    for (const ids of [[1], [1, 2, 3]]) await run(() => db.sql`select body from notes where id in (${list(ids)})`)
    await run(() => db.sql`select id from notes`)
    const [one, more, other] = told.map(({ shape }) => shape)
    expect(more).toBe(one)
    expect(other).not.toBe(one)
    expect(told.map((event) => 'plan' in event)).toEqual([true, false, true])
  })

  it('shows values where that is asked for, and types of every kind otherwise', async () => {
    const params = [new Date(0), new Uint8Array(1), [1], { a: 1 }]
    const seen: unknown[] = []
    for (const shown of ['redact', 'show'] as const) {
      await using db = await clusterDb(new Cluster('primary'), { slowQuery: { over: 0, params: shown } })
      db.on('slow', (event) => seen.push(event.params))
      await db.execute({ text: 'select 1', params }).catch(() => undefined)
    }
    expect(seen).toEqual([['date', 'bytes', 'array', 'object'], params])
  })

  it('reports a share of them only, where that is asked for', async () => {
    let chance = 0.4
    await using db = await clusterDb(
      new Cluster('primary'),
      { slowQuery: { over: 0, sample: 0.5 }, pool: { callSites: 0 } },
      { random: () => chance },
    )
    const slow: SlowEvent[] = []
    db.on('slow', (event) => slow.push(event))
    await db.sql`select 1`
    chance = 0.6
    await db.sql`select 2`
    expect(slow.map(({ text }) => text)).toEqual(['select 1'])
    expect(slow[0]).not.toHaveProperty('site')
  })

  it('explains a statement once per hour, without running it, and outside of the transaction it was slow in', async () => {
    const cluster = new Cluster('primary')
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { slowQuery: { over: 0, explain: true } }, runtime)
    const plans: unknown[] = []
    let heard = signalled()
    db.on('slow', ({ text, plan }) => {
      plans.push([text, plan])
      heard.resolve()
    })
    const query = async (): Promise<void> => {
      heard = signalled()
      await db.transaction(() => db.sql`select body from notes where id = ${7}`)
      await heard.promise
    }
    await query()
    await query()
    advance(3_600_000)
    await query()
    const text = 'select body from notes where id = ?'
    const plan = [expect.objectContaining({ detail: expect.stringContaining('SEARCH notes') })]
    expect(plans).toEqual([
      [text, plan],
      [text, undefined],
      [text, plan],
    ])
    expect(cluster.nodes[0]?.seen.filter((seen) => seen.startsWith('explain'))).toHaveLength(2)
  })

  it('leaves the plan out where there is none', async () => {
    await using db = await clusterDb(new Cluster('primary'), { slowQuery: { over: 0, explain: true } })
    await using other = await memoryDb({ slowQuery: { over: 0, explain: true } })
    const events: SlowEvent[] = []
    for (const each of [db, other]) {
      const told = new Promise<SlowEvent>((resolve) => each.on('slow', resolve))
      await each.sql`insert into notes (body) values ('A')`
      events.push(await told)
    }
    expect(events.map((event) => 'plan' in event)).toEqual([false, false])
  })

  it('reports a plan that could not be told, and the slow query all the same', async () => {
    const cluster = new Cluster('primary')
    await using db = await clusterDb(cluster, { slowQuery: { over: 0, explain: true } })
    const failures: unknown[] = []
    db.on('failure', ({ operation, error }) => failures.push([operation, error]))
    const told = new Promise<SlowEvent>((resolve) => db.on('slow', resolve))
    await db.sql`select body from notes`
    cluster.nodes[0]?.raw('drop table notes')
    expect(await told).not.toHaveProperty('plan')
    expect(failures).toEqual([['explain', expect.objectContaining({ message: expect.stringContaining('no such table') })]])
  })
})

describe('query events of streams', () => {
  it('come when the reading ends, without the time the reader took', async () => {
    await using db = await clusterDb(new Cluster('primary'))
    await db.sql`insert into notes (body) values ('A')`
    await db.sql`insert into notes (body) values ('B')`
    const events: QueryEvent[] = []
    db.on('query', (event) => events.push(event))
    for await (const _ of db.sql.stream`select body from notes`) await new Promise((resolve) => setTimeout(resolve, 30))
    for await (const _ of db.sql.stream`select body from notes`) break
    await db.transaction(async () => {
      for await (const _ of db.sql.stream`select body from notes`) continue
    })
    await expect(db.sql.stream`select missing`.next()).rejects.toHaveProperty('message', expect.stringContaining('no such column'))
    expect(events.map(({ rows, node }) => [rows, node])).toEqual([
      [2, 'node0'],
      [1, 'node0'],
      [2, 'node0'],
      [0, 'node0'],
    ])
    expect(events[0]?.runMs).toBeLessThan(30)
    expect(events[3]).toHaveProperty('error')
  })
})
