import { createApp, HealthChecks, plugin, type Plugin } from '@covet/core'
import { Database, db, errors } from '@covet/db'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import Fastify from 'fastify'
import { postgres } from '../src/index.ts'
import { register, verify } from './plain-fastify.ts'
import type { Open } from './support/databases.ts'

const notes: Plugin<'database'> = plugin({
  name: 'notes',
  needs: { database: Database },
  async setup(app, { database }) {
    await database.script('create table if not exists notes (id integer generated always as identity, body text not null unique)')
    app.post<{ Querystring: { body: string } }>('/notes', async (request, reply) => {
      const [note] = await database.sql`insert into notes (body) values (${request.query.body}) returning id`
      return reply.code(201).send(note)
    })
  },
})

describeWith('postgres', 'postgres', (open: Open) => {
  let url: string
  beforeAll(async () => {
    url = (await open()).url
  })

  it('provides the database to other plugins, with a health check, and closes it with the application', async () => {
    const app = await createApp({ mode: 'test', plugins: [notes, postgres({ url })] })
    expect((await app.inject({ method: 'POST', url: '/notes?body=A' })).json()).toEqual({ id: 1 })
    const taken = await app.inject({ method: 'POST', url: '/notes?body=A' })
    expect([taken.statusCode, taken.json<{ code: string }>().code]).toEqual([409, 'db/unique-violation'])
    const [check] = app.services.all(HealthChecks)
    await check?.check(AbortSignal.timeout(5_000))
    const database = app.services.get(Database)
    await app.close()
    await expect(database.sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
  })

  it('is one connection among several in db', async () => {
    const app = await createApp({
      mode: 'test',
      plugins: [db({ default: 'main', connections: { main: postgres({ url }), reports: postgres({ url, applicationName: 'reports' }) } })],
    })
    const reports = app.services.get(Database).connection('reports')
    expect(await reports.sql`select current_setting('application_name') as name`).toEqual([{ name: 'reports' }])
    await app.close()
  })

  it('works in plain Fastify', async () => {
    const app = Fastify()
    await register(app, url)
    await app.ready()
    await verify(app)
    await app.close()
  })

  it('serves kysely, its introspection included', async () => {
    const app = await createApp({ mode: 'test', plugins: [notes, postgres({ url })] })
    const kysely = app.services.get(Database).kysely<{ notes: { id: number; body: string } }>()
    const tables = await kysely.introspection.getTables()
    expect(tables.map(({ name }) => name)).toContain('notes')
    expect(await kysely.selectFrom('notes').select('body').execute()).toEqual([{ body: 'A' }])
    await app.close()
  })
})

describe('postgres without a server', () => {
  it('does not let the application start', async () => {
    await verify(Fastify())
    const app = createApp({ mode: 'test', plugins: [postgres({ host: '127.0.0.1', port: 1, user: 'nobody' })] })
    await expect(app).rejects.toMatchObject({ code: 'db/connection-failed' })
  })

  it('tells the plan of what has one, and quotes what has to be', () => {
    const { driver } = postgres({}).connection
    expect(driver.explain?.(' select $1')).toBe('explain  select $1')
    const server = { product: 'PostgreSQL', version: [15, 0, 0] } as const
    expect(driver.explain?.('(select $1) union select 2', server)).toBe('explain (analyze, buffers) (select $1) union select 2')
    expect(driver.explain?.('set a = b')).toBeUndefined()
    expect([driver.placeholder(3), driver.quoteIdentifier('a"b')]).toEqual(['$3', '"a""b"'])
  })
})
