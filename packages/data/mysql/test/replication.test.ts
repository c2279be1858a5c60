import { createDb, type Connection, type Database, errors, type NodeEvent } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { mysql } from '../src/index.ts'
import { replicationOf } from '../src/replication.ts'
import { replicatedServers, type ReplicatedServers } from './support/replica.ts'

async function connect(url: string, login: { user?: string; password?: string } = {}): Promise<Connection> {
  const [node] = mysql({ url, ...login }).connection.driver.nodes
  return node.connect('writer')
}

async function read(connection: Connection, text: string): Promise<unknown[]> {
  return (await connection.execute({ text, params: [] })).rows
}

describeWhere('mariadb', 'replication between two MariaDB servers', () => {
  let servers: ReplicatedServers
  let primary: Connection
  let replica: Connection
  const app = { user: 'app', password: 'app' }

  beforeAll(async () => {
    servers = await replicatedServers()
    ;[primary, replica] = await Promise.all([connect(servers.primary.url), connect(servers.replica.url)])
    await primary.script(`create database app; create table app.notes (id int primary key); create user app@'127.0.0.1' identified by 'app';
      grant all on app.* to app@'127.0.0.1'`)
  }, 60_000)
  afterAll(async () => {
    await Promise.all([primary?.close(), replica?.close()])
    await servers?.[Symbol.asyncDispose]()
  })

  it('R1 tells who is who, and how far a replica is behind', async () => {
    const position = await primary.replication?.position()
    expect(await replica.replication?.reached(position ?? '', 10_000)).toBe(true)
    expect(await primary.replication?.status()).toEqual({ role: 'primary' })
    expect(await replica.replication?.status()).toEqual({ role: 'replica', lagMs: 0 })
  })

  it('R3 proves a write on the replica, or that it is not there yet', async () => {
    await replica.script('stop slave sql_thread')
    await primary.execute({ text: 'insert into app.notes values (1)', params: [] })
    const position = (await primary.replication?.position()) ?? ''
    expect(position).toMatch(/^\d+-1-\d+$/)
    expect(await replica.replication?.reached(position, 100)).toBe(false)
    expect(await read(replica, 'select * from app.notes')).toEqual([])
    expect(await replica.replication?.status()).toEqual({ role: 'replica', lagMs: Infinity })
    await replica.script('start slave sql_thread')
    expect(await replica.replication?.reached(position, 10_000)).toBe(true)
    expect(await read(replica, 'select * from app.notes')).toEqual([{ id: 1 }])
  })

  it('R1 refuses writes on the replica with an error of its own, and hides the lag from who may not see it', async () => {
    const position = (await primary.replication?.position()) ?? ''
    await replica.replication?.reached(position, 10_000)
    const limited = await connect(servers.replica.url, app).catch((error: unknown) => error)
    expect(limited).toMatchObject({ code: 'db/connection-failed' })
    const url = new URL(servers.replica.url)
    url.pathname = '/app'
    const connection = await connect(url.href, app)
    await expect(connection.execute({ text: 'insert into notes values (2)', params: [] })).rejects.toBeInstanceOf(errors.ReadOnlyNode)
    expect(await connection.replication?.status()).toEqual({ role: 'replica' })
    await connection.close()
  })

  it('R1 sees that a replica was promoted', async () => {
    await replica.script('set global read_only = 0')
    expect(await replica.replication?.status()).toEqual({ role: 'primary' })
    await replica.script('set global read_only = 1')
    expect(await replica.replication?.status()).toMatchObject({ role: 'replica' })
  })

  it('serves a database with a replica that reads', async () => {
    const [source, follower] = [servers.primary, servers.replica].map(({ url }) => {
      const own = new URL(url)
      own.pathname = '/app'
      return own.href
    })
    await using db: Database = createDb(
      mysql({ url: source ?? '', replicas: [{ url: follower ?? '' }], reads: 'replica', readYourWrites: { maxWait: '10s' } }),
    )
    const servedBy = await db.run(async () => {
      await db.sql`insert into notes values (10)`
      return db.sql`select count(*) as found from notes where id = 10`
    })
    expect(servedBy).toEqual([{ found: 1 }])
    expect((await db.health()).map(({ role }) => role)).toEqual(['primary', 'replica'])
    // What a function of the application does is not known: the replica is not asked to do it.
    await db.script('create function is_replica() returns int deterministic no sql return @@global.read_only')
    expect(await db.sql`select is_replica() as replica`).toEqual([{ replica: 0 }])
  })

  it('DB-12 a replica that was promoted gets the next write, without a change of the configuration or a health check', async () => {
    const [source, follower] = [servers.primary, servers.replica].map(
      ({ url }) => Object.assign(new URL(url), { pathname: '/app', username: '', password: '' }).href,
    )
    // None but the write itself finds out before the hour is over.
    const health = { every: '1h', timeout: '10s' } as const
    await using db: Database = createDb(mysql({ ...app, url: source ?? '', replicas: [{ url: follower ?? '' }], health }))
    await db.sql`insert into notes values (100)`
    const nodeNames = (await db.health()).map(({ node }) => node)
    const events: NodeEvent[] = []
    db.on('node', (event) => events.push(event))
    await primary.script('set global read_only = 1')
    expect(await replica.replication?.reached((await primary.replication?.position()) ?? '', 10_000)).toBe(true)
    await replica.script('stop slave; reset slave all; set global read_only = 0')
    expect(events).toEqual([])
    await db.sql`insert into notes values (101)`
    expect(await read(replica, 'select * from app.notes where id >= 100')).toEqual([{ id: 100 }, { id: 101 }])
    expect(await read(primary, 'select * from app.notes where id >= 100')).toEqual([{ id: 100 }])
    expect(events.filter(({ state }) => state === 'up').map(({ node, role, primary }) => [node, role, primary])).toEqual([
      [nodeNames[0], 'replica', true],
      [nodeNames[1], 'primary', false],
      [nodeNames[1], 'primary', true],
    ])
    expect((await db.health()).map(({ role }) => role)).toEqual(['replica', 'primary'])
    // What was the primary hears of nothing that is written now.
    expect(await primary.replication?.status()).toEqual({ role: 'replica', lagMs: Infinity })
  })
})

describe('replication on MySQL', () => {
  const asked: unknown[][] = []
  const answers: Record<string, Record<string, unknown>[]> = {
    'select @@global.read_only or @@global.super_read_only as readOnly': [{ readOnly: 1 }],
    'show replica status': [{ Seconds_Behind_Source: 2 }, { Seconds_Behind_Source: 3 }],
    'select @@global.gtid_executed as position': [{ position: '3e11fa47:1-5,\n4e11fa47:1-3' }],
    'select wait_for_executed_gtid_set(?, ?) as outcome': [{ outcome: 1 }],
  }
  const replication = replicationOf({ product: 'MySQL', version: [8, 4, 0] }, async (sql, params = []) => {
    asked.push([sql, ...params])
    return answers[sql] ?? []
  })

  it('asks in the words of MySQL', async () => {
    expect(await replication.status()).toEqual({ role: 'replica', lagMs: 3_000 })
    expect(await replication.position()).toBe('3e11fa47:1-5,4e11fa47:1-3')
    expect(await replication.reached('3e11fa47:1-5', 0)).toBe(false)
    expect(asked.at(-1)).toEqual(['select wait_for_executed_gtid_set(?, ?) as outcome', '3e11fa47:1-5', 0.001])
  })

  it('takes nothing for proven where there is no position', async () => {
    expect(await replication.reached('', 1_000)).toBe(false)
  })

  it('passes on what it failed with, the missing privilege apart', async () => {
    const failing = replicationOf({ product: 'MariaDB', version: [10, 11, 0] }, async (sql) => {
      if (sql.startsWith('select')) return [{ readOnly: 1 }]
      throw new errors.ConnectionLost()
    })
    await expect(failing.status()).rejects.toBeInstanceOf(errors.ConnectionLost)
  })
})
