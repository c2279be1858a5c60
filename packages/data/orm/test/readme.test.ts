import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createApp, plugin } from '@covet/core'
import { Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { describe, expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, Model, Models, orm } from '../src/index.ts'

class User extends Model('users', { id: f.id(), name: f.string(), posts: hasMany(() => Post) }) {}
class Post extends Model('posts', { id: f.id(), title: f.string(), author: belongsTo(() => User) }) {}

const blog = plugin({
  name: 'blog',
  needs: { db: Database, models: Models },
  async setup(app, { db }) {
    await db.script(`
      create table if not exists users (id integer primary key, name text not null);
      create table if not exists posts (id integer primary key, title text not null, author_id integer not null references users)
    `)
    app.get('/posts', () => Post.with('author').orderBy('id'))
    app.post<{ Body: { title: string; author: string } }>('/posts', async ({ body }, reply) => {
      const author = await User.firstOrCreate({ name: body.author })
      return reply.code(201).send(await Post.create({ title: body.title, authorId: author.id }))
    })
  },
})

describe('the example of the README', () => {
  it('is the program of this test', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const own = readFileSync(fileURLToPath(import.meta.url), 'utf8')
    const [, example = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? []
    const program = example.slice(example.indexOf('class User'), example.indexOf('const app'))
    expect(program).toContain('Post.with')
    expect(own).toContain(program.trim())
  })

  it('stores posts and lists them with their authors over a socket', async () => {
    const app = await createApp({ mode: 'test', plugins: [sqlite({ file: ':memory:' }), orm({ models: [User, Post] }), blog] })
    const url = await app.listen({ port: 0 })
    const posted: unknown[] = []
    for (const body of [
      { title: 'Notes', author: 'Ada' },
      { title: 'Letters', author: 'Ada' },
    ]) {
      const response = await fetch(`${url}/posts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      posted.push([response.status, await response.json()])
    }
    expect(posted).toEqual([
      [201, { id: 1, title: 'Notes', authorId: 1 }],
      [201, { id: 2, title: 'Letters', authorId: 1 }],
    ])
    const listed = await fetch(`${url}/posts`)
    expect(await listed.json()).toEqual([
      { id: 1, title: 'Notes', authorId: 1, author: { id: 1, name: 'Ada' } },
      { id: 2, title: 'Letters', authorId: 1, author: { id: 1, name: 'Ada' } },
    ])
    await app.close()
  })
})
