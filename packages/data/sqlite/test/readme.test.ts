import { createApp, plugin, type Plugin } from '@covet/core'
import { createDb, Database, values } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { sqlite } from '../src/index.ts'
import { temporaryFile } from './support/temporary-file.ts'

const notes: Plugin<'database'> = plugin({
  name: 'notes',
  needs: { db: Database },
  async setup(app, { db }) {
    await db.script('create table if not exists notes (id integer primary key, body text not null)')
    app.post<{ Body: { body: string } }>('/notes', async ({ body }, reply) => {
      const { lastInsertId } = await db.sql.run`insert into notes ${values({ body: body.body })}`
      return reply.code(201).send({ id: lastInsertId })
    })
    app.get('/notes', () => db.sql`select id, body from notes order by id`)
  },
})

describe('the example of the README', () => {
  it('stores and lists notes over a socket', async () => {
    const { file, remove } = temporaryFile()
    const app = await createApp({ mode: 'test', plugins: [sqlite({ file }), notes] })
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
    await remove()
  })
})

describe('the example of the README of @covet/db, which cannot use an engine in its own tests', () => {
  it('stores a post and finds it', async () => {
    const db = createDb(sqlite({ file: ':memory:' }))
    await db.script('create table posts (id integer primary key, title text not null unique)')
    const said: string[] = []
    await db.transaction(async () => {
      await db.sql`insert into posts ${values({ title: 'Hello' })}`
      db.afterCommit(() => said.push('saved'))
    })
    const title = 'Hello'
    const posts = await db.sql<{ id: number; title: string }>`select * from posts where title = ${title}`
    expect([said, posts]).toEqual([['saved'], [{ id: 1, title: 'Hello' }]])
    await db.close()
  })
})
