import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Article } from '../src/articles/article.ts'
import type { ArticlesAnswer, ErrorAnswer } from './support/answers.ts'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let ann: Member
let bob: Member
let reader: Member
beforeAll(async () => {
  conduit = await startConduit()
  ;[ann, bob, reader] = [await conduit.register('ann'), await conduit.register('bob'), await conduit.register('reader')]
  await conduit.publish(ann, { title: 'One', tagList: ['training', 'dragons'] })
  await conduit.publish(bob, { title: 'Two', tagList: ['dragons'] })
  await conduit.publish(ann, { title: 'Three' })
  await reader.api.post('/api/articles/one/favorite').expect(200)
})
afterAll(() => conduit.close())

const list = (query: Record<string, string | number> = {}, who = conduit.api): Promise<ArticlesAnswer> =>
  who.get('/api/articles', { query }).expect(200).json<ArticlesAnswer>()
const titles = ({ articles }: ArticlesAnswer): string[] => articles.map(({ title }) => title)

describe('the list of articles', () => {
  it('has the newest first, and each without its body', async () => {
    const answer = await list()
    expect(titles(answer)).toEqual(['Three', 'Two', 'One'])
    expect(answer.articlesCount).toBe(3)
    expect(Object.keys(answer.articles[0] ?? {}).sort()).toEqual([
      'author',
      'createdAt',
      'description',
      'favorited',
      'favoritesCount',
      'slug',
      'tagList',
      'title',
      'updatedAt',
    ])
  })

  it('breaks ties of articles of one millisecond by which came later', async () => {
    const tied = Article.where('title', 'startsWith', 'Tied ')
    for (const title of ['Tied 1', 'Tied 2', 'Tied 3']) await conduit.publish(bob, { title, tagList: ['tied'] })
    await tied.update({ createdAt: '2026-01-01T00:00:00.000Z' })
    expect(titles(await list({ tag: 'tied' }))).toEqual(['Tied 3', 'Tied 2', 'Tied 1'])
    expect(titles(await list({ tag: 'tied', limit: 1, offset: 1 }))).toEqual(['Tied 2'])
    await tied.delete()
  })

  it('filters by tag, by author, by who favourited, and by all of them together', async () => {
    expect(titles(await list({ tag: 'dragons' }))).toEqual(['Two', 'One'])
    expect(titles(await list({ author: 'ann' }))).toEqual(['Three', 'One'])
    expect(titles(await list({ favorited: 'reader' }))).toEqual(['One'])
    expect(titles(await list({ tag: 'dragons', author: 'ann', favorited: 'reader' }))).toEqual(['One'])
    expect(titles(await list({ tag: 'dragons', author: 'bob', favorited: 'reader' }))).toEqual([])
  })

  it('has tags ascending, and the count of those who favourited', async () => {
    const [article] = (await list({ favorited: 'reader' })).articles
    expect(article).toMatchObject({ tagList: ['dragons', 'training'], favoritesCount: 1, favorited: false })
  })

  it('may be asked for with a JSON content type and no body', async () => {
    await conduit.api.get('/api/articles', { headers: { 'content-type': 'application/json' } }).expect(200)
  })

  it.each(['tag', 'author', 'favorited'])('is empty for an unknown %s', async (filter) => {
    expect(await list({ [filter]: 'unknown' })).toEqual({ articles: [], articlesCount: 0 })
    expect(await list({ [filter]: '' })).toEqual({ articles: [], articlesCount: 0 })
  })

  it('is about the reader whose token was sent', async () => {
    await reader.api.post('/api/profiles/ann/follow').expect(200)
    const [article] = (await list({ favorited: 'reader' }, reader.api)).articles
    expect(article).toMatchObject({ favorited: true, author: { username: 'ann', following: true } })
  })
})

describe('pages', () => {
  it('count everything that matches, not the page', async () => {
    expect(await list({ limit: 1, offset: 0 })).toMatchObject({ articles: [{ title: 'Three' }], articlesCount: 3 })
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({ articles: [{ title: 'Two' }], articlesCount: 3 })
    expect(await list({ author: 'ann', limit: 1, offset: 1 })).toMatchObject({ articles: [{ title: 'One' }], articlesCount: 2 })
    expect(await list({ offset: 50 })).toEqual({ articles: [], articlesCount: 3 })
  })

  it('have 20 articles unless asked, and never more than 100', async () => {
    await Promise.all(Array.from({ length: 102 }, () => conduit.publish(bob, { tagList: ['many'] })))
    expect((await list({ tag: 'many' })).articles).toHaveLength(20)
    expect((await list({ tag: 'many', limit: 50 })).articles).toHaveLength(50)
    expect(await list({ tag: 'many', limit: 1_000_000_000_000 })).toMatchObject({ articles: { length: 100 }, articlesCount: 102 })
  })

  it.each([
    ['limit', '0'],
    ['limit', '-1'],
    ['limit', 'ten'],
    ['limit', '1.5'],
    ['limit', ''],
    ['offset', '-1'],
    ['offset', '1e300'],
  ])('answer 422 for %s=%s', async (name, value) => {
    for (const path of ['/api/articles', '/api/articles/feed']) {
      const answer = await reader.api
        .get(path, { query: { [name]: value } })
        .expect(422)
        .json<ErrorAnswer>()
      expect(Object.keys(answer.errors)).toEqual([name])
    }
  })
})
