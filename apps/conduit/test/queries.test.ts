import { Database } from '@covet/db'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { password, startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
let reader: Member
beforeAll(async () => {
  conduit = await startConduit()
  ;[author, reader] = [await conduit.register('author'), await conduit.register('reader')]
  for (let n = 0; n < 30; n += 1) {
    const { slug } = await conduit.publish(author, { tagList: ['a', 'b', 'c'] })
    await reader.api.post(`/api/articles/${slug}/favorite`).expect(200)
  }
  await reader.api.post('/api/profiles/author/follow').expect(200)
  for (const title of ['Discussed', 'Doomed']) await conduit.publish(author, { title, tagList: ['d'] })
  for (let n = 0; n < 30; n += 1) await conduit.comment(reader, 'discussed')
})
afterAll(() => conduit.close())

interface Call {
  readonly method: string
  readonly path: string
  readonly json?: unknown
}

/** The statements of one request; what begins and ends a transaction is none. */
async function queriesOf({ method, path, json }: Call): Promise<string[]> {
  const queries: string[] = []
  const stop = conduit.app.services.get(Database).on('query', ({ text }) => queries.push(text))
  const { status } = await reader.api.request(method, path, json === undefined ? {} : { json })
  stop()
  expect(status).toBeLessThan(300)
  return queries
}

const operations: readonly (readonly [string, string, number, unknown?])[] = [
  ['POST', '/api/users', 1, { user: { username: 'new', email: 'new@test.com', password } }],
  ['GET', '/api/user', 1],
  ['PUT', '/api/user', 1, { user: { bio: 'I read' } }],
  ['GET', '/api/profiles/author', 1],
  ['POST', '/api/profiles/author/follow', 1],
  ['DELETE', '/api/profiles/author/follow', 1],
  ['POST', '/api/profiles/author/follow', 1],
  ['GET', '/api/articles', 1],
  ['GET', '/api/articles/feed', 1],
  ['POST', '/api/articles', 1, { article: { title: 'Mine', description: 'D', body: 'B', tagList: ['x', 'y'] } }],
  ['GET', '/api/articles/discussed', 1],
  ['PUT', '/api/articles/mine', 1, { article: { title: 'Mine too', tagList: ['z'] } }],
  ['GET', '/api/articles/discussed/comments', 1],
  ['POST', '/api/articles/discussed/comments', 1, { comment: { body: 'C' } }],
  ['DELETE', '/api/articles/discussed/comments/31', 1],
  ['POST', '/api/articles/discussed/favorite', 1],
  ['DELETE', '/api/articles/discussed/favorite', 1],
  ['DELETE', '/api/articles/mine-too', 1],
  ['GET', '/api/tags', 1],
]

it.each(operations)('%s %s', async (method, path, expected, json) => {
  const queries = await queriesOf({ method, path, json })
  console.log(method, path, queries.length, queries)
})
it('login', async () => {
  console.log(await queriesOf({ method: 'POST', path: '/api/users/login', json: { user: { email: 'new@test.com', password } } }))
})
