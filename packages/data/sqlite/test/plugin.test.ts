import { createApp, HealthChecks, plugin, type Plugin } from '@covet/core'
import { createDb, Database, db, errors } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { sqlite } from '../src/index.ts'
import { register, verify } from './plain-fastify.ts'
import { temporaryFile } from './support/temporary-file.ts'

const notes: Plugin<'database'> = plugin({
  name: 'notes',
  needs: { database: Database },
  async setup(app, { database }) {
    await database.script('create table if not exists notes (id integer primary key, body text not null unique)')
    app.post<{ Querystring: { body: string } }>('/notes', async (request, reply) => {
      const { lastInsertId } = await database.sql.run`insert into notes (body) values (${request.query.body})`
      return reply.code(201).send({ id: lastInsertId })
    })
  },
})

describe('sqlite in createApp', () => {
  it('provides the database to other plugins, with a health check, and closes it with the application', async () => {
    const { file, remove } = temporaryFile()
    const app = await createApp({ mode: 'test', plugins: [notes, sqlite({ file })] })
    expect((await app.inject({ method: 'POST', url: '/notes?body=A' })).json()).toEqual({ id: 1 })
    const taken = await app.inject({ method: 'POST', url: '/notes?body=A' })
    expect([taken.statusCode, taken.json<{ code: string }>().code]).toEqual([409, 'db/unique-violation'])
    const [check] = app.services.all(HealthChecks)
    await check?.check(AbortSignal.timeout(1_000))
    const database = app.services.get(Database)
    await app.close()
    await expect(database.sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
    await remove()
  })

  it('is one connection among several in db', async () => {
    const app = await createApp({
      mode: 'test',
      plugins: [db({ default: 'main', connections: { main: sqlite({ file: ':memory:' }), cache: sqlite({ file: ':memory:' }) } })],
    })
    await app.ready()
    const database = app.services.get(Database)
    expect([database.name, database.connection('cache').name]).toEqual(['main', 'cache'])
    await app.close()
  })

  it('twice without names does not boot', async () => {
    const plugins = [sqlite({ file: ':memory:' }), sqlite({ file: ':memory:' })] as const
    await expect(createApp({ mode: 'test', plugins })).rejects.toMatchObject({ code: expect.stringMatching(/^kernel\/duplicate-/) })
  })
})

describe('sqlite without a kernel', () => {
  it('works in plain Fastify', async () => {
    const app = Fastify()
    await register(app)
    await app.ready()
    await verify(app)
    await app.close()
  })

  it('works in createDb', async () => {
    await using database = createDb(sqlite({ file: ':memory:' }))
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }])
  })
})
