import { createApp, HealthChecks } from '@covet/core'
import { createDb, Database, db, errors } from '@covet/db'
import { expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { mysql } from '../src/index.ts'
import { register, verify } from './plain-fastify.ts'
import { describeServers } from './support/servers.ts'

describeServers('mysql in createApp', (server) => {
  it('provides the database, with a health check, and closes it with the application', async () => {
    const { url } = await server.open()
    const app = await createApp({ mode: 'test', plugins: [mysql({ url })] })
    await app.ready()
    const database = app.services.get(Database)
    expect([database.name, database.dialect]).toEqual(['main', 'mysql'])
    const [check] = app.services.all(HealthChecks)
    await check?.check(AbortSignal.timeout(5_000))
    await app.close()
    await expect(database.sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
  })

  it('is one connection among several in db', async () => {
    const [main, reports] = await Promise.all([server.open(), server.open()])
    const connections = { main: mysql({ url: main.url }), reports: mysql({ url: reports.url }) }
    await using app = await createApp({ mode: 'test', plugins: [db({ default: 'main', connections })] })
    await app.ready()
    const database = app.services.get(Database)
    const nameOf = async (one: Database): Promise<unknown> => (await one.sql.first<{ name: string }>`select database() as name`)?.name
    expect([await nameOf(database), await nameOf(database.connection('reports'))]).toEqual(
      [main, reports].map(({ url }) => new URL(url).pathname.slice(1)),
    )
  })
})

describeServers('mysql without a kernel', (server) => {
  it('works in plain Fastify', async () => {
    const { url } = await server.open()
    const app = Fastify()
    await register(app, url)
    await app.ready()
    await verify(app)
    await app.close()
  })

  it('does not let plain Fastify start without its server', async () => {
    const app = Fastify()
    await register(app, '')
    await verify(app)
    await app.close()
  })

  it('works in createDb', async () => {
    const { url } = await server.open()
    await using database = createDb(mysql({ url }))
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }])
  })
})
