import { type Connection, createDb, type Database, errors, type NodeEvent } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { replicaOf, replicatedServers, type ReplicatedServers } from './support/replica.ts'

describeWhere('postgres', 'a primary and its replica', () => {
  let servers: ReplicatedServers
  let primary: Connection
  let replica: Connection
  beforeAll(async () => {
    servers = await replicatedServers()
    const { nodes } = postgres({ url: servers.primary.url, replicas: [{ url: servers.replica.url }] }).connection.driver
    primary = await nodes[0].connect('writer')
    replica = (await nodes[1]?.connect('writer')) as Connection
    await primary.script('create table notes (id integer primary key, body text not null)')
  }, 120_000)
  afterAll(async () => {
    await Promise.all([primary?.close(), replica?.close()])
    await servers?.[Symbol.asyncDispose]()
  })

  const rowsOn = async (connection: Connection): Promise<unknown[]> =>
    (await connection.execute({ text: 'select id from notes', params: [], rowMode: 'array' })).rows
  const insert = async (id: number): Promise<unknown> => primary.execute({ text: 'insert into notes values ($1, $2)', params: [id, 'a'] })

  it('R1 tell what they are', async () => {
    expect(await primary.replication?.status()).toEqual({ role: 'primary' })
    expect(await replica.replication?.status()).toEqual({ role: 'replica', lagMs: expect.any(Number) })
    await eventually(async () => expect(await replica.replication?.status()).toEqual({ role: 'replica', lagMs: 0 }))
  })

  it('R1 a replica that was started without a primary to receive from may be behind without end', async () => {
    await using deaf = await replicaOf(servers.primary, ['-c', 'primary_conninfo='])
    const connection = await postgres({ url: deaf.url }).connection.driver.nodes[0].connect('writer')
    expect(await connection.replication?.status()).toEqual({ role: 'replica', lagMs: Infinity })
    await connection.close()
  }, 60_000)

  it('R3 tell when the replica has what the primary has answered', async () => {
    await insert(1)
    const position = (await primary.replication?.position()) ?? ''
    expect(position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
    expect(await replica.replication?.reached(position, 10_000)).toBe(true)
    expect(await rowsOn(replica)).toEqual([[1]])
    expect(await primary.replication?.reached(position, 0)).toBe(true)
  })

  it('R3 tell when it has not, though it goes on receiving', async () => {
    await replica.script('select pg_wal_replay_pause()')
    await eventually(async () =>
      expect((await replica.execute({ text: 'select pg_get_wal_replay_pause_state() as state', params: [] })).rows).toEqual([
        { state: 'paused' },
      ]),
    )
    await insert(2)
    const position = (await primary.replication?.position()) ?? ''
    expect(await replica.replication?.reached(position, 50)).toBe(false)
    expect(await rowsOn(replica)).toEqual([[1]])
    await eventually(async () => expect((await replica.replication?.status())?.lagMs).toBeGreaterThan(0))
    await replica.script('select pg_wal_replay_resume()')
    expect(await replica.replication?.reached(position, 10_000)).toBe(true)
    expect(await rowsOn(replica)).toHaveLength(2)
  })

  it('a write on the replica says that this is no place to write', async () => {
    expect(await failure((async () => replica.execute({ text: 'delete from notes', params: [] }))())).toBeInstanceOf(errors.ReadOnlyNode)
    await replica.begin({ readOnly: true })
    expect(await failure((async () => replica.execute({ text: 'delete from notes', params: [] }))())).toBeInstanceOf(
      errors.ReadOnlyTransactionError,
    )
    await replica.rollback()
  })

  const db = (options: object = {}): Database =>
    createDb(
      postgres({
        url: servers.primary.url,
        replicas: [{ url: servers.replica.url }],
        reads: 'replica',
        health: { every: '200ms', timeout: '1s' },
        ...options,
      }),
    )

  it('DB-11 a row is found by the request that wrote it, though the replica does not replay', async () => {
    await using own = db({ readYourWrites: { maxWait: '20ms' } })
    await own.connect()
    await eventually(async () => expect(await own.sql`select pg_is_in_recovery() as replica`).toEqual([{ replica: true }]))
    await replica.script('select pg_wal_replay_pause()')
    try {
      for (let id = 1_000; id < 1_100; id += 1) {
        const found = await own.run(async () => {
          await own.sql`insert into notes values (${id}, 'mine')`
          return own.sql`select id from notes where id = ${id}`
        })
        expect(found).toEqual([{ id }])
      }
    } finally {
      await replica.script('select pg_wal_replay_resume()')
    }
    const position = (await primary.replication?.position()) ?? ''
    expect(await replica.replication?.reached(position, 10_000)).toBe(true)
  })

  it('R2 a query that calls a function of the application goes to the primary, where it may write', async () => {
    await primary.script('create function is_replica() returns boolean language sql as $$ select pg_is_in_recovery() $$')
    await using own = db()
    await own.connect()
    await eventually(async () => expect(await own.sql`select pg_is_in_recovery() as replica`).toEqual([{ replica: true }]))
    expect(await own.sql`select is_replica() as replica`).toEqual([{ replica: false }])
    expect(await own.sql`select pg_is_in_recovery() as replica`).toEqual([{ replica: true }])
  })

  it('DB-12 a replica that was promoted gets the next write, without a change of the configuration or a health check', async () => {
    const { promise: told, resolve: tell } = Promise.withResolvers<void>()
    await using watching = db()
    await watching.connect()
    watching.on('node', ({ node, primary, state }) => {
      if (node !== nodeNames[0] && primary && state === 'up') tell()
    })
    // None but the write itself finds out before the hour is over.
    await using own = db({ health: { every: '1h', timeout: '10s' } })
    const nodeNames = (await own.health()).map(({ node }) => node)
    await own.sql`insert into notes values (2000, 'before')`
    const events: NodeEvent[] = []
    own.on('node', (event) => events.push(event))
    await primary.script('alter system set default_transaction_read_only = on')
    await primary.script('select pg_reload_conf()')
    // The server takes its settings anew some time after it was told to.
    await eventually(async () => expect(await primary.replication?.status()).toEqual({ role: 'replica', lagMs: Infinity }))
    expect(await replica.replication?.reached((await primary.replication?.position()) ?? '', 10_000)).toBe(true)
    await replica.script('select pg_promote()')
    await eventually(async () => expect(await replica.replication?.status()).toEqual({ role: 'primary' }))
    expect(events).toEqual([])
    await own.sql`insert into notes values (2001, 'after')`
    const where = async (connection: Connection): Promise<unknown> =>
      (await connection.execute({ text: 'select body from notes where id >= 2001', params: [], rowMode: 'array' })).rows
    expect(await where(replica)).toEqual([['after']])
    expect(await where(primary)).toEqual([])
    expect(events.filter(({ state }) => state === 'up').map(({ node, role, primary }) => [node, role, primary])).toEqual([
      [nodeNames[0], 'replica', true],
      [nodeNames[1], 'primary', false],
      [nodeNames[1], 'primary', true],
    ])
    expect((await own.health()).map(({ role }) => role)).toEqual(['replica', 'primary'])
    // The checks find out on their own too, though nobody writes.
    await told
  })
})
