import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type Database, errors } from '../src/index.ts'
import { Cluster, clusterDb, type FakeNode, nodesOf } from './support/cluster.ts'
import { bodies } from './support/databases.ts'

describe('DB-12 trap 16 a primary among several nodes', () => {
  let warnings: jest.SpiedFunction<typeof process.emitWarning>

  beforeEach(() => {
    warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  })

  afterEach(() => warnings.mockRestore())

  it('keeps the primary it has, with a warning, when two say they are it', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [first, second] = nodesOf(cluster)
    second.role = 'primary'
    await using db = await clusterDb(cluster)
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect([first.seen.length, second.seen.length]).toEqual([1, 0])
    expect(warnings.mock.calls).toEqual([[expect.stringContaining('node0 and node1 both say'), 'CovetDatabaseWarning']])
  })

  it.each([true, false])(
    'is not written to when it comes back as it was and its successor misses a health check (seen before: %s)',
    async (seen) => {
      const cluster = new Cluster('primary', 'replica')
      const [old, promoted] = nodesOf(cluster)
      await using db = await clusterDb(cluster)
      await failOver(db, cluster)
      old.down = false
      old.role = 'primary'
      if (seen) await db.connect()
      await missCheck(db, promoted)
      await db.connect()
      await db.sql`insert into notes (id, body) values (1, 'A')`
      expect([old.seen.length, await bodies(db)]).toEqual([0, ['A']])
      // Once it follows, it may be promoted again.
      old.role = 'replica'
      await db.connect()
      cluster.promote(old)
      await db.connect()
      await db.sql`insert into notes (id, body) values (2, 'B')`
      expect([old.seen.length, await bodies(db)]).toEqual([1, ['A', 'B']])
    },
  )

  it('is written to again when its successor has stepped down, though nobody saw it follow', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    await failOver(db, cluster)
    old.down = false
    cluster.promote(old)
    await db.sql`insert into notes (body) values ('A')`
    expect([old.seen.length, await bodies(db)]).toEqual([1, ['A']])
  })

  it('is written to again when its successor follows it, though it had come back as it was; that is said', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    await failOver(db, cluster)
    old.down = false
    old.role = 'primary'
    await db.connect()
    // Put out of service, the successor follows nobody yet.
    promoted.role = 'replica'
    promoted.lagMs = Infinity
    await db.connect()
    await expect(db.sql`insert into notes (body) values ('A')`).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    expect(warnings.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('node0 and node1 both say'),
      expect.stringContaining('only node0 says that it is the primary, and what it holds may be older than what node1 holds'),
    ])
    promoted.lagMs = 0
    await db.sql`insert into notes (body) values ('A')`
    expect([old.seen.length, await bodies(db)]).toEqual([1, ['A']])
  })

  it('is not written to when its successor follows another that misses a health check', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [old, , next] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    await failOver(db, cluster)
    old.down = false
    cluster.promote(next)
    old.role = 'primary'
    await missCheck(db, next)
    await db.sql`insert into notes (body) values ('A')`
    expect([old.seen.length, next.seen.length]).toEqual([0, 1])
  })

  it('gives way to the one it follows, also where the application began while both said they were it', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [configured, promoted] = nodesOf(cluster)
    promoted.role = 'primary'
    await using db = await clusterDb(cluster)
    await db.connect()
    cluster.promote(promoted)
    await db.connect()
    await db.sql`insert into notes (body) values ('A')`
    expect([configured.seen.length, promoted.seen.length]).toEqual([0, 1])
  })

  it.each([
    ['was read-only for a while', 0],
    ['was put out of service and hears of nothing', Infinity],
  ])('is not written to when it comes back as it was, though it %s before', async (_, lagMs) => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    old.role = 'replica'
    old.lagMs = lagMs
    await db.connect()
    if (lagMs === 0) {
      old.role = 'primary'
      await db.connect()
    }
    await failOver(db, cluster)
    old.down = false
    old.role = 'primary'
    await missCheck(db, promoted)
    await db.sql`insert into notes (body) values ('A')`
    expect([old.seen.length, promoted.seen.length]).toEqual([0, 1])
  })

  it('has one successor, though two were promoted, whatever health checks that one misses', async () => {
    const cluster = new Cluster('primary', 'replica', 'replica')
    const [old, first, second] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    old.down = true
    first.role = 'primary'
    second.role = 'primary'
    await db.connect()
    await missCheck(db, first)
    await db.sql`insert into notes (body) values ('A')`
    expect([first.seen.length, second.seen.length]).toEqual([1, 0])
  })

  it('gives way to a replica that was promoted while it still answered, once it does not', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [old, promoted] = nodesOf(cluster)
    await using db = await clusterDb(cluster)
    promoted.role = 'primary'
    await db.connect()
    old.down = true
    await db.connect()
    await db.sql`insert into notes (body) values ('A')`
    expect(promoted.seen).toHaveLength(1)
  })

  it('does not give way to one that nobody saw follow it', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, stranger] = nodesOf(cluster)
    stranger.role = 'primary'
    await using db = await clusterDb(cluster)
    await missCheck(db, primary)
    await db.sql`insert into notes (body) values ('A')`
    expect([primary.seen.length, stranger.seen.length]).toEqual([1, 0])
  })
})

/** The first node is gone, and the database has found out that the second took its place. */
async function failOver(db: Database, cluster: Cluster): Promise<void> {
  const [old, promoted] = nodesOf(cluster)
  old.down = true
  cluster.promote(promoted)
  await db.connect()
}

/** The node cannot be reached for the length of one look. */
async function missCheck(db: Database, node: FakeNode): Promise<void> {
  node.down = true
  await db.connect()
  node.down = false
}
