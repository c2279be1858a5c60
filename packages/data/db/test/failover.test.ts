import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, jest } from '@jest/globals'
import { createDb, errors, type NodeEvent } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf } from './support/cluster.ts'
import { bodies } from './support/databases.ts'

describe('DB-12 trap 16 REL-08 a primary that is one no more', () => {
  it('passes the next write on to the promoted replica, and nothing is applied on the old one', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const events: NodeEvent[] = []
    db.on('node', (event) => events.push(event))
    await db.sql`insert into notes (id, body) values (1, 'before')`
    cluster.promote(promoted)
    await db.sql`insert into notes (id, body) values (2, 'after')`
    expect(await bodies(db)).toEqual(['before', 'after'])
    expect(promoted.seen).toHaveLength(2)
    expect(cluster.log.map(({ text }) => text).filter((text) => text.includes('after'))).toHaveLength(1)
    expect(events.map(({ node, role, primary }) => [node, role, primary])).toEqual([
      ['node0', 'replica', true],
      ['node1', 'primary', false],
      ['node1', 'primary', true],
    ])
    const health = await db.health()
    expect(health.map(({ node, role, primary }) => [node, role, primary])).toEqual([
      ['node0', 'replica', false],
      ['node1', 'primary', true],
    ])
    expect(old.role).toBe('replica')
  })

  it('moves a transaction of which nothing ran yet, without running its callback again', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    cluster.promote(promoted)
    let runs = 0
    await db.transaction(async () => {
      runs += 1
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'B')`)
    })
    expect([runs, await bodies(db)]).toEqual([1, ['A', 'B']])
    expect((await db.health()).flatMap(({ pools }) => pools.writer?.holders ?? [])).toEqual([])
  })

  it('fails a transaction that cannot move with the reason, and gives everything back', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    cluster.promote(promoted)
    promoted.refusesToOpen = 1
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    await db.sql`insert into notes (id, body) values (2, 'B')`
    expect(await bodies(db)).toEqual(['B'])
  })

  it('fails a transaction that did something before, and the next one finds its way', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const outcome = db.transaction(async () => {
      await db.sql`select 1`
      cluster.promote(promoted)
      await db.sql`insert into notes (id, body) values (1, 'A')`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'B')`)
    expect(await bodies(db)).toEqual(['B'])
  })

  it.each([
    ['read before it wrote', false],
    ['began with a nested one', true],
  ])('R1 is found out by a transaction that %s', async (_, nested) => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const switched = new Promise<NodeEvent>((resolve) =>
      db.on('node', (event) => event.primary && event.node === 'node1' && resolve(event)),
    )
    const work = async (): Promise<void> => {
      if (nested) await db.transaction(() => db.sql`insert into notes (id, body) values (1, 'A')`)
      else await db.sql`select 1`
      await db.sql`insert into notes (id, body) values (2, 'B')`
    }
    cluster.promote(promoted)
    await expect(db.transaction(work)).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    expect(await switched).toMatchObject({ role: 'primary', state: 'up' })
    const before = old.seen.length
    await db.transaction(work)
    expect([old.seen.length - before, await bodies(db)]).toEqual([0, nested ? ['A', 'B'] : ['B']])
  })

  it('is not one for what a read-only transaction refuses to write', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const events: NodeEvent[] = []
    db.on('node', (event) => events.push(event))
    primary.refuses = 'select refused()'
    await expect(db.transaction(() => db.sql`select refused()`, { readOnly: true })).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    await db.health()
    expect(events).toEqual([])
  })

  it('is found out by the health checks too, when it dies', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { health: { every: 10, timeout: 500 } })
    const switched = new Promise<NodeEvent>((resolve) => db.on('node', (event) => event.primary && event.state === 'up' && resolve(event)))
    old.down = true
    cluster.promote(promoted)
    expect(await switched).toMatchObject({ node: 'node1', role: 'primary' })
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect(await bodies(db)).toEqual(['A'])
  })

  it('is found out within one health period, though nobody writes', async () => {
    // The period alone is counted by the test, everything else is as real as ever.
    jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout'] })
    try {
      const cluster = new Cluster('primary', 'replica')
      const [old, promoted] = nodesOf(cluster)
      await using db = await clusterDb(cluster, { health: { every: '5s' } })
      const events: NodeEvent[] = []
      const switched = new Promise<void>((resolve) =>
        db.on('node', (event) => {
          events.push(event)
          if (event.primary && event.node === 'node1') resolve()
        }),
      )
      cluster.promote(promoted)
      jest.advanceTimersByTime(4_999)
      for (let turns = 0; turns < 10; turns += 1) await turn()
      expect(events).toEqual([])
      jest.advanceTimersByTime(1)
      await switched
      expect(events.map(({ node, role, primary }) => [node, role, primary])).toEqual([
        ['node0', 'replica', true],
        ['node1', 'primary', false],
        ['node1', 'primary', true],
      ])
      const before = old.seen.length
      await db.sql`insert into notes (id, body) values (1, 'after')`
      expect([old.seen.length - before, await bodies(db)]).toEqual([0, ['after']])
    } finally {
      jest.useRealTimers()
    }
  })

  it('passes on a write that could not be sent', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    old.kill()
    old.down = true
    cluster.promote(promoted)
    await db.sql`insert into notes (id, body) values (1, 'A')`
    old.kill()
    await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'B')`)
    expect(await bodies(db)).toEqual(['A', 'B'])
  })

  it('stays what it is through what another database refuses in its transaction', async () => {
    const cluster = new Cluster('primary', 'replica')
    const reports = new Cluster('primary')
    await using db = createDb({
      default: 'main',
      connections: { main: cluster.definition({ health: { every: '1h' } }), reports: reports.definition({ health: { every: '1h' } }) },
    })
    await db.connect()
    nodesOf(reports)[0].role = 'replica'
    const events: NodeEvent[] = []
    db.on('node', (event) => events.push(event))
    const { checks } = nodesOf(cluster)[0]
    const outcome = db.transaction(() => db.connection('reports').sql.run`insert into notes (body) values ('A')`)
    await expect(outcome).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    await turn()
    expect([events, nodesOf(cluster)[0].checks - checks]).toEqual([[], 0])
  })

  it('is asked once when a first statement finds nowhere to go', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    primary.refuses = 'select refused()'
    const { checks } = primary
    await expect(db.transaction(() => db.sql`select refused()`)).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    await db.sql`select 1`
    expect(primary.checks - checks).toBe(1)
  })

  it('is asked when it refuses a commit', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    const { checks } = primary
    primary.refuses = 'commit'
    await expect(db.transaction(() => db.sql`insert into notes (body) values ('A')`)).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    await db.sql`select 1`
    expect(primary.checks - checks).toBe(1)
  })

  it('is asked again on a new connection where there is no other node', async () => {
    const cluster = new Cluster('primary')
    const [only] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    only.role = 'replica'
    const { opened } = only
    await expect(db.sql`insert into notes (id, body) values (1, 'A')`).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    only.role = 'primary'
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect(only.opened).toBe(opened + 1)
  })
})
