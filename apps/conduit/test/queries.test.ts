import { Database } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
  await conduit.publish(author, { title: 'Discussed', tagList: ['d'] })
  for (let n = 0; n < 30; n += 1) await conduit.comment(reader, 'discussed')
})
afterAll(() => conduit.close())

/** How many statements a request takes; what begins and ends a transaction is none. */
async function queriesOf(method: string, path: string, json?: object): Promise<number> {
  let queries = 0
  const stop = conduit.app.services.get(Database).on('query', () => (queries += 1))
  const { status } = await reader.api.request(method, path, json ? { json } : {})
  stop()
  expect(status).toBeLessThan(300)
  return queries
}

const article = { title: 'Mine', description: 'D', body: 'B', tagList: ['x', 'y'] }

/** In the order of a story. One of the queries of an operation that looks at the token asks who is calling. */
const operations: readonly { of: string; takes: number; json?: object }[] = [
  { of: 'POST /api/users', takes: 1, json: { user: { username: 'new', email: 'new@test.com', password } } },
  { of: 'POST /api/users/login', takes: 1, json: { user: { email: 'new@test.com', password } } },
  { of: 'GET /api/user', takes: 1 },
  { of: 'PUT /api/user', takes: 2, json: { user: { bio: 'I read' } } },
  { of: 'GET /api/profiles/author', takes: 2 },
  { of: 'DELETE /api/profiles/author/follow', takes: 3 },
  { of: 'POST /api/profiles/author/follow', takes: 3 },
  { of: 'GET /api/tags', takes: 1 },
  { of: 'GET /api/articles', takes: 3 },
  { of: 'GET /api/articles/feed', takes: 3 },
  { of: 'GET /api/articles/discussed', takes: 2 },
  { of: 'POST /api/articles', takes: 4, json: { article } },
  { of: 'PUT /api/articles/mine', takes: 6, json: { article: { title: 'Mine too', tagList: ['z'] } } },
  { of: 'POST /api/articles/mine-too/favorite', takes: 3 },
  { of: 'DELETE /api/articles/mine-too/favorite', takes: 3 },
  { of: 'DELETE /api/articles/mine-too', takes: 3 },
  { of: 'GET /api/articles/discussed/comments', takes: 3 },
  { of: 'POST /api/articles/discussed/comments', takes: 3, json: { comment: { body: 'C' } } },
  { of: 'DELETE /api/articles/discussed/comments/31', takes: 4 },
]

describe('the number of queries of each of the nineteen operations', () => {
  it.each(operations)('$of takes $takes', async ({ of, takes, json }) => {
    const [method = '', path = ''] = of.split(' ')
    expect(await queriesOf(method, path, json)).toBe(takes)
  })
})

describe('the number of queries does not depend on the number of rows', () => {
  it.each([
    ['/api/articles', 2],
    ['/api/articles?tag=a&favorited=reader', 2],
    ['/api/articles?author=author', 2],
    ['/api/articles/feed', 2],
    ['/api/articles/discussed', 1],
    ['/api/articles/discussed/comments', 2],
  ])('%s asks once who is calling, and %i times more', async (path, expected) => {
    const separator = path.includes('?') ? '&' : '?'
    expect(await queriesOf('GET', `${path}${separator}limit=1`)).toBe(1 + expected)
    expect(await queriesOf('GET', `${path}${separator}limit=30`)).toBe(1 + expected)
  })
})
