import { describe, expect, it, jest } from '@jest/globals'
import { type BreakerEvent, createDb, type Database, type DatabaseError, errors } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf, stillRuntime } from './support/cluster.ts'

type Work = (db: Database) => PromiseLike<unknown>

const works: [string, Work][] = [
  ['a query', (db) => db.sql`select 1 as n`],
  ['a stream', async (db) => collect(db.sql.stream`select 1 as n`)],
  ['a write', (db) => db.sql`insert into notes (body) values ('A')`],
  ['a transaction', (db) => db.transaction(() => db.sql`select 1 as n`)],
]
const repeated = works.filter(([what]) => what !== 'a write')

describe('DB-10 R4 the breaker of a node that loses every connection', () => {
  it.each(works)('opens after so many losses of %s, whether or not a retry is left', async (_, work) => {
    for (const spent of [false, true]) {
      const cluster = new Cluster('primary')
      const [node] = nodesOf(cluster)
      const options = { pool: { max: 2 }, breaker: { failures: 3, window: '1h', openFor: '5s' } } as const
      await using db = await clusterDb(cluster, options, stillRuntime().runtime)
      if (spent) await spendRetries(db, cluster)
      const states = statesOf(db)
      node.kill()
      node.loses = true
      const codes = await codesOf(db, work, 20)
      expect(codes.length).toBe(20)
      // The one that opens it may be a first attempt, or the second of a query.
      expect(codes.slice(0, 3).filter((code) => code === 'db/connection-lost').length).toBeGreaterThanOrEqual(1)
      expect(new Set(codes.slice(3))).toEqual(new Set(['db/circuit-open']))
      expect([states, (await db.health())[0]?.breaker]).toEqual([['open'], 'open'])
    }
  })

  it.each(works)('opens again when the one attempt it allows, of %s, is lost', async (_, work) => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { breaker: { failures: 1, openFor: '5s' } }, runtime)
    const states = statesOf(db)
    node.down = true
    node.kill()
    expect(await codesOf(db, work, 1)).toEqual(['db/connection-failed'])
    node.down = false
    node.loses = true
    advance(5_000)
    expect(await codesOf(db, work, 2)).toEqual(['db/connection-lost', 'db/circuit-open'])
    expect(states).toEqual(['open', 'half-open', 'open'])
    node.loses = false
    advance(5_000)
    await work(db)
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
  })

  it.each(repeated)('counts each attempt of %s once, the first on a connection that was opened for it', async (_, work) => {
    for (const [failures, breaker] of [
      [2, 'open'],
      [3, 'closed'],
    ] as const) {
      const cluster = new Cluster('primary')
      const [node] = nodesOf(cluster)
      await using db = createDb(cluster.definition({ breaker: { failures, window: '1h' } }), stillRuntime().runtime)
      node.loses = true
      await expect(work(db)).rejects.toBeInstanceOf(errors.ConnectionLost)
      expect((await db.health())[0]).toMatchObject({ breaker })
    }
  })

  it.each(repeated)('does not count the first attempt of %s on a connection that served before', async (_, work) => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 4 }, breaker: { failures: 1 } }, stillRuntime().runtime)
    await Promise.all(Array.from({ length: 4 }, () => db.sql`select 1`))
    const states = statesOf(db)
    node.kill({ silent: true })
    await Promise.all(Array.from({ length: 4 }, () => work(db)))
    expect([states, (await db.health())[0]?.breaker]).toEqual([[], 'closed'])
  })

  it('has a read that a replica lost answered by another one, and counts the loss of the replica', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', breaker: { failures: 1 } }, stillRuntime().runtime)
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const events: BreakerEvent[] = []
    db.on('breaker', (event) => events.push(event))
    replica.kill()
    replica.loses = true
    expect(await db.sql`select 1 as n`).toEqual([{ n: 1 }])
    expect([primary.seen, replica.seen]).toEqual([['select 1 as n'], ['select 1 as n']])
    expect(events).toMatchObject([{ node: replica.name, state: 'open' }])
    warning.mockRestore()
  })
})

async function collect(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows) continue
}

function statesOf(db: Database): string[] {
  const states: string[] = []
  db.on('breaker', ({ state }) => states.push(state))
  return states
}

async function codesOf(db: Database, work: Work, times: number): Promise<string[]> {
  const codes: string[] = []
  for (let count = 0; count < times; count += 1) {
    await work(db).then(undefined, (error: unknown) => codes.push((error as DatabaseError).code))
  }
  return codes
}

/** Has reads lose their connections until none of them is asked again. */
async function spendRetries(db: Database, cluster: Cluster): Promise<void> {
  const [node] = nodesOf(cluster)
  for (;;) {
    await db.sql`select 0`.catch(() => undefined)
    node.kill({ silent: true })
    const lost = await db.sql`select 0`.then(
      () => false,
      () => true,
    )
    if (lost) return
  }
}
