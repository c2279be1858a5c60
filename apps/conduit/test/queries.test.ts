import { Database } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
beforeAll(async () => {
  conduit = await startConduit()
  author = await conduit.register()
  for (let n = 0; n < 30; n += 1) {
    const { slug } = await conduit.publish(author, { tagList: ['a', 'b', 'c'] })
    await author.api.post(`/api/articles/${slug}/favorite`).expect(200)
  }
  await author.api.post(`/api/profiles/${author.username}/follow`).expect(200)
  const { slug } = await conduit.publish(author, { title: 'Discussed' })
  for (let n = 0; n < 30; n += 1) await conduit.comment(author, slug)
})
afterAll(() => conduit.close())

async function queriesOf(path: string): Promise<number> {
  let queries = 0
  const stop = conduit.app.services.get(Database).on('query', () => (queries += 1))
  await author.api.get(path).expect(200)
  stop()
  return queries
}

describe('the number of queries does not depend on the number of rows', () => {
  it.each([
    ['/api/articles', 2],
    ['/api/articles?tag=a&favorited=user_1', 2],
    ['/api/articles/feed', 2],
    ['/api/articles/discussed', 1],
    ['/api/articles/discussed/comments', 2],
  ])('%s asks once who is calling, and %i times more', async (path, expected) => {
    const separator = path.includes('?') ? '&' : '?'
    expect(await queriesOf(`${path}${separator}limit=1`)).toBe(1 + expected)
    expect(await queriesOf(`${path}${separator}limit=30`)).toBe(1 + expected)
  })
})
