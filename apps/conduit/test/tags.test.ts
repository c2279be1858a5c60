import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startConduit, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

const tags = async (): Promise<string[]> => (await conduit.api.get('/api/tags').expect(200).json<{ tags: string[] }>()).tags

it('lists each tag in use once, verbatim, ascending, and forgets those nobody uses any more', async () => {
  expect(await tags()).toEqual([])
  const author = await conduit.register()
  const { slug } = await conduit.publish(author, { tagList: ['d_2', 'Über tags', 'd_1'] })
  await conduit.publish(author, { tagList: ['d_1', 'a'] })
  expect(await tags()).toEqual(['a', 'd_1', 'd_2', 'Über tags'])
  await author.api.delete(`/api/articles/${slug}`).expect(204)
  expect(await tags()).toEqual(['a', 'd_1'])
})

it('lists all of them, however many there are', async () => {
  const author = await conduit.register()
  const tagList = Array.from({ length: 50 }, (_, n) => `n_${String(n).padStart(2, '0')}`)
  await conduit.publish(author, { tagList })
  expect(await tags()).toEqual(expect.arrayContaining(tagList))
})
