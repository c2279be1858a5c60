import { createApp, plugin, type Plugin } from '@covet/core'
import { Database, values } from '@covet/db'
import { expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import type { Open } from './support/databases.ts'

const notes: Plugin<'database'> = plugin({
  name: 'notes',
  needs: { db: Database },
  async setup(app, { db }) {
    await db.script('create table if not exists notes (id bigint generated always as identity primary key, body text not null)')
    app.post<{ Body: { body: string } }>('/notes', async ({ body }, reply) => {
      const [note] = await db.sql`insert into notes ${values({ body: body.body })} returning id`
      return reply.code(201).send(note)
    })
    app.get('/notes', () => db.sql`select id, body from notes order by id`)
  },
})

describeWith('postgres', 'the example of the README', (open: Open) => {
  it('stores and lists notes over a socket', async () => {
    const app = await createApp({ mode: 'test', plugins: [postgres({ url: (await open()).url }), notes] })
    const url = await app.listen({ port: 0 })
    const created = await fetch(`${url}/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'Hello' }),
    })
    expect([created.status, await created.json()]).toEqual([201, { id: 1 }])
    const listed = await fetch(`${url}/notes`)
    expect(await listed.json()).toEqual([{ id: 1, body: 'Hello' }])
    await app.close()
  })
})
