import { createApp, plugin, type Plugin } from '@covet/core'
import { Database, values } from '@covet/db'
import { expect, it } from '@jest/globals'
import { mysql } from '../src/index.ts'
import { describeServers } from './support/servers.ts'

const notes: Plugin<'database'> = plugin({
  name: 'notes',
  needs: { db: Database },
  async setup(app, { db }) {
    await db.script('create table if not exists notes (id bigint auto_increment primary key, body text not null)')
    app.post<{ Body: { body: string } }>('/notes', async ({ body }, reply) => {
      const { lastInsertId } = await db.sql.run`insert into notes ${values({ body: body.body })}`
      return reply.code(201).send({ id: lastInsertId })
    })
    app.get('/notes', () => db.sql`select id, body from notes order by id`)
  },
})

describeServers('the example of the README', (server) => {
  it('stores and lists notes over a socket', async () => {
    const { url } = await server.open()
    const app = await createApp({ mode: 'test', plugins: [mysql({ url }), notes] })
    const address = await app.listen({ port: 0 })
    const created = await fetch(`${address}/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'Hello' }),
    })
    expect([created.status, await created.json()]).toEqual([201, { id: 1 }])
    const listed = await fetch(`${address}/notes`)
    expect(await listed.json()).toEqual([{ id: 1, body: 'Hello' }])
    await app.close()
  })
})
