import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { notFound, tokenIsMissing, type ArticleAnswer } from './support/answers.ts'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
beforeAll(async () => {
  conduit = await startConduit()
  author = await conduit.register()
})
afterAll(() => conduit.close())

describe('favouriting', () => {
  it('counts 0, 1, 0, also on an own article, when repeated, and without touching updatedAt', async () => {
    const before = await conduit.publish(author)
    expect(before).toMatchObject({ favorited: false, favoritesCount: 0 })
    for (const [method, favorited] of [
      ['POST', true],
      ['POST', true],
      ['DELETE', false],
      ['DELETE', false],
    ] as const) {
      const { article } = await author.api.request(method, `/api/articles/${before.slug}/favorite`).expect(200).json<ArticleAnswer>()
      expect(article).toEqual({ ...before, favorited, favoritesCount: favorited ? 1 : 0 })
    }
  })

  it.each([
    ['no body and no content type', {}],
    ['an empty body called JSON', { headers: { 'content-type': 'application/json' } }],
    ['a JSON body about something else', { json: { anything: true } }],
  ])('is accepted with %s', async (_case, options) => {
    const { slug } = await conduit.publish(author)
    for (const method of ['POST', 'DELETE']) await author.api.request(method, `/api/articles/${slug}/favorite`, options).expect(200)
  })

  it('answers 404 for an unknown slug, but 401 first', async () => {
    for (const method of ['POST', 'DELETE']) {
      expect(await author.api.request(method, '/api/articles/unknown/favorite').expect(404).json()).toEqual(notFound('article'))
      expect(await conduit.api.request(method, '/api/articles/unknown/favorite').expect(401).json()).toEqual(tokenIsMissing)
    }
  })

  it('counts exactly 50 when 50 users favourite one article at the same moment, twice each', async () => {
    const { slug } = await conduit.publish(author)
    const readers: Member[] = []
    while (readers.length < 50) readers.push(await conduit.register())
    const twice = [...readers, ...readers]
    await Promise.all(twice.map(({ api }) => api.post(`/api/articles/${slug}/favorite`).expect(200)))
    const { article } = await conduit.api.get(`/api/articles/${slug}`).expect(200).json<ArticleAnswer>()
    expect(article.favoritesCount).toBe(50)

    await Promise.all(readers.slice(0, 20).map(({ api }) => api.delete(`/api/articles/${slug}/favorite`).expect(200)))
    const { article: after } = await conduit.api.get(`/api/articles/${slug}`).expect(200).json<ArticleAnswer>()
    expect(after.favoritesCount).toBe(30)
  })
})
