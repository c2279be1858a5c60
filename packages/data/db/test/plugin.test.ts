import { createApp, HealthChecks, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { connectionPlugin, Database, db, errors, type ConnectionDefinition } from '../src/index.ts'
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
    const logged = lines.map((line) => JSON.parse(line) as { msg: string; statement?: string; err?: { message: string } })
    expect(logged.filter(({ msg }) => msg === 'Slow query.').map(({ statement }) => statement)).toContain("select 'slow'")
    expect(lines.join()).not.toContain("select 'fast'")
    expect(logged.some(({ err }) => err?.message === 'mail server down')).toBe(true)
    await app.close()
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
