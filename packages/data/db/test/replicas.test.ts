import { describe, expect, it, jest } from '@jest/globals'
import { eventually } from '@covet/testing'
import { createDb, errors } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf, stillRuntime } from './support/cluster.ts'
import { bodies, signalled } from './support/databases.ts'

describe('reads on replicas', () => {
  it('go there by weight, and writes to the primary', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [primary, light, heavy] = nodesOf(cluster)
    heavy.weight = 3
    let next = 0
    await using db = await clusterDb(cluster, { reads: 'replica' }, { random: () => ((next += 0.25) - 0.125) % 1 })
    await db.sql`insert into notes (body) values ('A')`
    for (let count = 0; count < 8; count += 1) expect(await bodies(db)).toEqual(['A'])
    expect([light.seen.length, heavy.seen.length]).toEqual([2, 6])
    expect(primary.seen).toEqual([`insert into notes (body) values ('A')`])
  })

  it('are asked for one by one where the primary reads otherwise', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    await db.sql`select 1`
    await db.sql.with({ on: 'replica' })`select 2`
    for await (const _ of db.sql.with({ on: 'replica' }).stream`select 3`) continue
    expect(await db.transaction(() => db.sql`select 4 as four`, { on: 'replica' })).toEqual([{ four: 4 }])
    expect([primary.seen, replica.seen]).toEqual([['select 1'], ['select 2', 'select 3', 'select 4 as four']])
  })

  it('R2 are nothing for a transaction, whose statements all go to its connection', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    await db.transaction(() => db.sql`select 1`)
    expect([primary.seen, replica.seen]).toEqual([['select 1'], []])
  })

  it('leave out a replica that is down, too far behind, or promoted', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [, lagging, good] = nodesOf(cluster)
    lagging.lagMs = 60_000
    await using db = await clusterDb(cluster, { reads: 'replica', health: { every: '1h', maxLag: '10s' } })
    for (let count = 0; count < 5; count += 1) await bodies(db)
    expect([lagging.seen.length, good.seen.length]).toEqual([0, 5])
    const states = (await db.health()).map(({ node, role, state, lagMs }) => [node, role, state, lagMs])
    expect(states).toEqual([
      ['node0', 'primary', 'up', undefined],
      ['node1', 'replica', 'lagging', 60_000],
      ['node2', 'replica', 'up', 0],
    ])
  })

  it('R6 fall back to the primary with one warning, or fail where that is not allowed', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    replica.down = true
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    await db.sql`select 1`
    await db.sql`select 2`
    expect(primary.seen).toEqual(['select 1', 'select 2'])
    expect(emitWarning.mock.calls).toEqual([[expect.stringContaining('no replica can be read from'), 'CovetDatabaseWarning']])
    emitWarning.mockRestore()
    await using strict = createDb(cluster.definition({ reads: 'replica', fallbackToPrimary: false, health: { every: '1h' } }))
    await strict.connect()
    await expect(strict.sql`select 1`).rejects.toMatchObject({ code: 'db/no-replica', statusCode: 503 })
  })

  it('R6 go on when the primary is down', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    primary.down = true
    expect(await bodies(db)).toEqual([])
    await expect(db.sql`insert into notes (body) values ('A')`).rejects.toMatchObject({ code: 'db/connection-lost' })
    await expect(db.sql`insert into notes (body) values ('A')`).rejects.toMatchObject({ code: 'db/connection-failed' })
    expect(await bodies(db)).toEqual([])
  })

  it('R6 go on after a write of the same request that could not be sent', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', breaker: { failures: 1 } })
    primary.down = true
    primary.kill()
    for (const code of ['db/connection-failed', 'db/circuit-open']) {
      await db.run(async () => {
        await expect(db.sql`insert into notes (body) values ('A')`).rejects.toMatchObject({ code })
        expect(await bodies(db)).toEqual([])
      })
    }
  })

  it('P8 move on when a replica dies under them', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [, first, second] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' }, { random: () => 0 })
    await bodies(db)
    first.down = true
    expect(await bodies(db)).toEqual([])
    expect([first.seen.length, second.seen.length]).toEqual([2, 1])
  })
})

describe('a statement that was taken to read only', () => {
  it('R2 goes to the primary from then on when a replica refuses it, for a function in it that writes', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    replica.refuses = 'select next_value()'
    primary.answers = replica.refuses
    for (let count = 0; count < 2; count += 1) expect(await db.sql`select next_value()`).toEqual([{ value: 1 }])
    expect([replica.seen.length, primary.seen.length]).toEqual([1, 2])
  })
})

describe('R3 trap 16 reading what was written', () => {
  it('DB-11 finds every row right after its insert while the replica applies nothing', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', readYourWrites: { maxWait: 1 } })
    replica.paused = true
    for (let id = 1; id <= 100; id += 1) {
      const found = await db.run(async () => {
        await db.sql`insert into notes (id, body) values (${id}, ${`note ${id}`})`
        return db.sql`select id from notes where id = ${id}`
      })
      expect(found).toEqual([{ id }])
    }
    expect(replica.seen.length).toBeLessThan(100)
  })

  it('stays on a replica that is proven past the write, and proves it once', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    await db.run(async () => {
      await db.transaction(() => db.sql`insert into notes (id, body) values (1, 'A')`)
      expect([await bodies(db), await bodies(db)]).toEqual([['A'], ['A']])
    })
    expect(replica.seen).toHaveLength(2)
    expect(primary.seen).toHaveLength(1)
  })

  it('does not take a replica for proven that got to where the primary was before a write during the wait', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, replica] = nodesOf(cluster)
    const { runtime, advance } = stillRuntime()
    await using db = await clusterDb(cluster, { reads: 'replica', readYourWrites: { maxWait: 1 } }, runtime)
    const { promise: told, resolve: tell } = signalled()
    const insert = (id: number, body: string): Promise<unknown> => db.sql.run`insert into notes (id, body) values (${id}, ${body})`
    await db.run(async () => {
      await insert(1, 'A')
      replica.silentUntil = told
      const before = bodies(db)
      await eventually(() => expect(replica.compared).toBe(1))
      Object.assign(replica, { paused: true, silentUntil: undefined })
      await insert(2, 'B')
      expect(await bodies(db)).toEqual(['A', 'B'])
      advance(1_001)
      tell()
      // What was asked before the write ended need not see it, what is asked after it has to.
      expect(await before).toEqual(['A'])
      expect(await bodies(db)).toEqual(['A', 'B'])
    })
  })

  it('asks the primary once for all reads that begin at the same time', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    await db.run(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      const { located } = primary
      expect(await Promise.all(Array.from({ length: 5 }, () => bodies(db)))).toEqual(Array.from({ length: 5 }, () => ['A']))
      expect(primary.located - located).toBe(1)
    })
    expect(replica.seen).toHaveLength(5)
  })

  it('binds nobody else, and nobody who only read', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica' })
    replica.paused = true
    await db.run(() => db.sql`insert into notes (id, body) values (1, 'A')`)
    expect(await db.run(() => bodies(db))).toEqual([])
    await db.run(async () => {
      await db.sql.with({ on: 'primary' })`select 1`
      expect(await bodies(db)).toEqual([])
    })
    expect(primary.seen).toHaveLength(2)
  })

  it('asks the primary at once in the mode for it, and fails instead of falling back where that is wanted', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, replica] = nodesOf(cluster)
    await using plain = await clusterDb(cluster, { reads: 'replica', readYourWrites: { mode: 'primary' } })
    await plain.run(async () => {
      await plain.sql`insert into notes (id, body) values (1, 'A')`
      expect(await bodies(plain)).toEqual(['A'])
    })
    expect(replica.seen).toEqual([])
    await using strict = createDb(
      cluster.definition({ reads: 'replica', readYourWrites: { maxWait: 1, else: 'error' }, health: { every: '1h' } }),
    )
    await strict.connect()
    replica.paused = true
    const outcome = strict.run(async () => {
      await strict.sql`insert into notes (id, body) values (2, 'B')`
      return bodies(strict)
    })
    await expect(outcome).rejects.toMatchObject({ code: 'db/replica-behind', statusCode: 503 })
  })

  it('holds for a read-only transaction on a replica', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { readYourWrites: { maxWait: 1 } })
    const readBack = (id: number): Promise<string[]> =>
      db.run(async () => {
        await db.sql`insert into notes (id, body) values (${id}, ${`note ${id}`})`
        return db.transaction(() => bodies(db), { on: 'replica' })
      })
    expect(await readBack(1)).toEqual(['note 1'])
    expect(replica.seen).toHaveLength(1)
    replica.paused = true
    expect(await readBack(2)).toEqual(['note 1', 'note 2'])
    expect(primary.seen).toHaveLength(3)
    await expect(db.transaction(() => bodies(db), { readOnly: true, on: 'replica' })).resolves.toEqual(['note 1'])
  })

  it('knows in the whole request what was written inside of a run with a token, and inside what was written before it', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', readYourWrites: { maxWait: 1 } })
    const after = await db.consistencyToken()
    replica.paused = true
    await db.run(async () => {
      await db.run(() => db.sql`insert into notes (id, body) values (1, 'A')`, { after })
      expect(await bodies(db)).toEqual(['A'])
    })
    await db.run(async () => {
      await db.sql`insert into notes (id, body) values (2, 'B')`
      expect(await db.run(() => bodies(db), { after })).toEqual(['A', 'B'])
    })
    expect(await db.run(() => bodies(db), { after })).toEqual([])
  })

  it('knows in the whole request what was written to another database inside of a run with a token', async () => {
    const [cluster, second] = [new Cluster('primary', 'replica'), new Cluster('primary', 'replica')]
    const replica = nodesOf(second)[1]
    await using db = await clusterDb(cluster, { reads: 'replica', readYourWrites: { maxWait: 1 } })
    await using other = await clusterDb(second, { reads: 'replica', readYourWrites: { maxWait: 1 } })
    const after = await db.consistencyToken()
    replica.paused = true
    await db.run(async () => {
      await db.run(() => other.sql`insert into notes (id, body) values (1, 'A')`, { after })
      expect(await bodies(other)).toEqual(['A'])
    })
  })

  it('travels to another request in a token', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, replica] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { reads: 'replica', readYourWrites: { maxWait: 1 } })
    const before = await db.consistencyToken()
    replica.paused = true
    await db.sql`insert into notes (id, body) values (1, 'A')`
    const after = await db.consistencyToken()
    expect(await db.run(() => bodies(db), { after: before })).toEqual([])
    expect(await db.run(() => bodies(db), { after })).toEqual(['A'])
    replica.paused = false
    expect(await db.run(() => bodies(db), { after })).toEqual(['A'])
    expect(await db.run(() => bodies(db), { after: `v1.${Buffer.from('no position').toString('base64url')}` })).toEqual(['A'])
    for (const token of ['', 'v1.é', 'v2.MQ', `v1.${'A'.repeat(5_000)}`]) {
      expect(() => db.run(() => 1, { after: token })).toThrow(errors.InvalidConsistencyToken)
    }
  })
})
