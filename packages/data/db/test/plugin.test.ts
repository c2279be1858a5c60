import { createApp, DeployFindings, HealthChecks, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { connectionPlugin, Database, db, errors, type ConnectionDefinition } from '../src/index.ts'
import { Cluster, nodesOf } from './support/cluster.ts'
import { nodeSqlite, type NodeSqliteOptions } from './support/node-sqlite.ts'
import { register, verify } from './plain-fastify.ts'

const engine = (options?: NodeSqliteOptions): ReturnType<typeof connectionPlugin> =>
  connectionPlugin('engine', nodeSqlite(options).connection)

const routes: Plugin<'database'> = plugin({
  name: 'routes',
  needs: { database: Database },
  setup(app, { database }) {
    app.get('/one', async () => database.sql.first`select 1 as one`)
    app.get('/taken', async () => {
      throw new errors.UniqueViolation({ table: 'users', columns: ['email'] })
    })
  },
})

describe('a connection alone in plugins', () => {
  it('provides the database, and closes it with the application', async () => {
    const app = await createApp({ mode: 'test', plugins: [routes, engine()] })
    const response = await app.inject('/one')
    expect(response.json()).toEqual({ one: 1 })
    await app.close()
    await expect(app.services.get(Database).sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
  })

  it("answers a violation that is the client's with 409 and no word about the table", async () => {
    const app = await createApp({ mode: 'test', plugins: [routes, engine()] })
    const response = await app.inject('/taken')
    expect(response.statusCode).toBe(409)
    expect(response.json()).toMatchObject({ code: 'db/unique-violation', detail: 'Something with the same value exists already.' })
    expect(response.body).not.toMatch(/users|email/)
    await app.close()
  })

  it('does not boot when the database cannot be opened', async () => {
    const connecting = (): void => {
      throw new errors.ConnectionFailedError('nobody home')
    }
    await expect(createApp({ mode: 'test', plugins: [engine({ connecting })] })).rejects.toMatchObject({ code: 'db/connection-failed' })
  })

  it('tells what should not be deployed as it is', async () => {
    const finding = { id: 'C020', severity: 'warning', message: 'engine({ dangerouslyFast }) is set: it forgets.' } as const
    const { connection } = nodeSqlite()
    const relaxed = connectionPlugin('engine', { ...connection, findings: [finding] })
    for (const [used, expected] of [
      [relaxed, [finding]],
      [db({ default: 'main', connections: { main: engine(), relaxed } }), [finding]],
      [engine(), []],
    ] as const) {
      const app = await createApp({ mode: 'test', plugins: [used] })
      await app.ready()
      expect(app.services.all(DeployFindings).flatMap((check) => check(app))).toEqual(expected)
      await app.close()
    }
  })

  it('works in plain Fastify', async () => {
    const app = Fastify()
    await register(app)
    await app.ready()
    await verify(app)
    await app.close()
  })
})

describe('db with several connections', () => {
  it('provides the default one, a health check for each, and writes troubles to the log', async () => {
    const lines: string[] = []
    const connections: Record<'main' | 'local', ConnectionDefinition> = {
      main: nodeSqlite({ slowQuery: { over: 0 } }),
      local: nodeSqlite(),
    }
    const app = await createApp({
      mode: 'test',
      logger: { sink: { write: (line) => void lines.push(line) } },
      plugins: [db({ default: 'main', connections })],
    })
    await app.ready()
    const database = app.services.get(Database)
    expect(database.name).toBe('main')
    const checks = app.services.all(HealthChecks)
    expect(checks.map(({ name }) => name)).toEqual(['database main', 'database local'])
    for (const { check } of checks) await check(AbortSignal.timeout(1_000))
    await database.sql`select 'slow'`
    await database.connection('local').sql`select 'fast'`
    await database.transaction(async () => {
      database.afterCommit(() => {
        throw new Error('mail server down')
      })
    })
    const logged = lines.map((line) => JSON.parse(line) as { msg: string; statement?: string; shape?: string; err?: { message: string } })
    const slow = logged.filter(({ msg }) => msg === 'Slow query.')
    expect(slow.map(({ statement }) => statement)).toContain("select 'slow'")
    expect(slow.every(({ shape }) => /^[0-9a-f]{12}$/.test(shape ?? ''))).toBe(true)
    expect(lines.join()).not.toContain("select 'fast'")
    expect(logged.some(({ err }) => err?.message === 'mail server down')).toBe(true)
    await app.close()
  })

  it('closes those that were opened when another cannot be', async () => {
    const [well, unwell] = [new Cluster('primary', 'replica'), new Cluster('primary')]
    const [primary, replica] = nodesOf(well)
    const [refusing] = nodesOf(unwell)
    refusing.down = true
    const connections = { main: well.definition({ pool: { min: 2 } }), local: unwell.definition() }
    const outcome = createApp({ mode: 'test', plugins: [db({ default: 'main', connections })] })
    await expect(outcome).rejects.toMatchObject({ code: 'db/connection-failed' })
    expect([primary.opened, primary.connections.size, replica.connections.size]).toEqual([3, 0, 0])
  })

  it('fails the health check of a node that is down', async () => {
    const faults = (): { execute: () => never } => ({
      execute: () => {
        throw new errors.ConnectionLost()
      },
    })
    const app = await createApp({ mode: 'test', plugins: [engine({ faults })] })
    await app.ready()
    const [check] = app.services.all(HealthChecks)
    await expect(check?.check(AbortSignal.timeout(1_000))).rejects.toBeInstanceOf(errors.ConnectionLost)
    await app.close()
  })
})

describe('db over replicas', () => {
  it('lets a request read what it wrote, and says in the log what becomes of the nodes', async () => {
    const cluster = new Cluster('primary', 'replica')
    const [primary, replica] = nodesOf(cluster)
    primary.raw('create table notes (id integer primary key, body text not null unique)')
    replica.raw('create table notes (id integer primary key, body text not null unique)')
    const definition = cluster.definition({
      reads: 'replica',
      readYourWrites: { maxWait: 1 },
      health: { every: '1h' },
      breaker: { failures: 1 },
    })
    const lines: string[] = []
    const notes: Plugin<'database'> = plugin({
      name: 'notes',
      needs: { database: Database },
      setup(app, { database }) {
        app.post<{ Body: { body: string } }>('/notes', async ({ body }) => {
          await database.sql`insert into notes (body) values (${body.body})`
          return database.sql`select body from notes`
        })
        app.get('/notes', () => database.sql`select body from notes`)
      },
    })
    const app = await createApp({
      mode: 'test',
      logger: { sink: { write: (line) => void lines.push(line) } },
      plugins: [connectionPlugin('engine', definition.connection), notes],
    })
    const post = async (body: string): Promise<unknown> => (await app.inject({ method: 'POST', url: '/notes', payload: { body } })).json()
    expect(await post('A')).toEqual([{ body: 'A' }])
    expect(replica.seen).toEqual(['select body from notes'])
    replica.paused = true
    expect(await post('B')).toEqual([{ body: 'A' }, { body: 'B' }])
    expect((await app.inject('/notes')).json()).toEqual([{ body: 'A' }])
    const [check] = app.services.all(HealthChecks)
    replica.kill()
    replica.down = true
    await check?.check(AbortSignal.timeout(1_000))
    expect((await app.inject('/notes')).json()).toHaveLength(2)
    const database = app.services.get(Database)
    await database.withConnection((connection) => connection.begin({ readOnly: false }))
    await database.sql`select 1`
    primary.kill()
    primary.down = true
    await expect(check?.check(AbortSignal.timeout(1_000))).rejects.toMatchObject({ code: 'db/connection-failed' })
    await expect(database.sql.with({ on: 'primary' })`select 1`).rejects.toBeInstanceOf(errors.ConnectionFailedError)
    await app.close()
    const said = lines.map((line) => JSON.parse(line) as { msg: string; node?: string; state?: string })
    const about = (text: string): unknown[] => said.filter(({ msg }) => msg.includes(text)).map(({ node, state }) => [node, state])
    expect(about('A database node')).toEqual([
      ['node1', 'down'],
      ['node0', 'down'],
    ])
    expect(about('transaction open')).toEqual([['node0', undefined]])
    expect(about('breaker')).toEqual([['node0', 'open']])
  })
})
