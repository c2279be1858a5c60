import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { blank, forbidden, notFound, tokenIsMissing, type Article, type ArticleAnswer, type ErrorAnswer } from './support/answers.ts'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
beforeAll(async () => {
  conduit = await startConduit()
  author = await conduit.register()
})
afterAll(() => conduit.close())

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const read = async (slug: string): Promise<Article> =>
  (await conduit.api.get(`/api/articles/${slug}`).expect(200).json<ArticleAnswer>()).article

describe('publishing', () => {
  it('answers 201 with all of the article, dates in milliseconds, tags ascending', async () => {
    const fields = {
      title: 'How to train your dragon',
      description: 'Ever wonder how?',
      body: "It's <b>easy</b> & fun",
      tagList: ['training', 'd_1', 'd_1'],
    }
    const answer = await author.api
      .post('/api/articles', { json: { article: fields } })
      .expect(201)
      .json<ArticleAnswer>()
    expect(answer).toEqual({
      article: {
        ...fields,
        slug: 'how-to-train-your-dragon',
        tagList: ['d_1', 'training'],
        createdAt: expect.stringMatching(instant),
        updatedAt: answer.article.createdAt,
        favorited: false,
        favoritesCount: 0,
        author: { username: author.username, bio: null, image: null, following: false },
      },
    })
    expect(await read(answer.article.slug)).toEqual(answer.article)
  })

  it('answers an empty tagList when none was given', async () => {
    expect((await conduit.publish(author)).tagList).toEqual([])
  })

  it.each(['title', 'description', 'body'])("answers 422 can't be blank for a %s that is empty, blank, null or missing", async (field) => {
    for (const value of ['', ' \n', null, undefined]) {
      const article = { title: 'T', description: 'D', body: 'B', [field]: value }
      expect(await author.api.post('/api/articles', { json: { article } }).expect(422).json()).toEqual(blank(field))
    }
  })

  it('answers 422 about tagList when it is null, no list, or holds something else than tags', async () => {
    for (const tagList of [null, 'a,b', [1], [''], ['a', ' ']]) {
      const article = { title: 'T', description: 'D', body: 'B', tagList }
      const answer = await author.api.post('/api/articles', { json: { article } }).expect(422).json<ErrorAnswer>()
      expect(Object.keys(answer.errors)).toEqual(['tagList'])
    }
  })

  it('answers 401 without a token, whatever the body says', async () => {
    expect(
      await conduit.api
        .post('/api/articles', { json: { article: {} } })
        .expect(401)
        .json(),
    ).toEqual(tokenIsMissing)
  })

  it('gives equal titles different slugs, also at the same moment', async () => {
    const published = await Promise.all(Array.from({ length: 10 }, () => conduit.publish(author, { title: 'The same title' })))
    expect(new Set(published.map(({ slug }) => slug)).size).toBe(10)
  })

  it('never gives out the slug "feed", and finds one for a title without letters of the alphabet', async () => {
    for (const title of ['Feed', '日本語', '!!!', 'x'.repeat(300)]) {
      const { slug } = await conduit.publish(author, { title })
      expect(slug).toMatch(/^[a-z0-9-]{1,100}$/)
      expect(slug).not.toBe('feed')
      expect((await read(slug)).title).toBe(title)
    }
  })
})

describe('reading', () => {
  it('is about the reader whose token was sent', async () => {
    const reader = await conduit.register()
    const { slug } = await conduit.publish(author)
    await reader.api.post(`/api/articles/${slug}/favorite`).expect(200)
    await reader.api.post(`/api/profiles/${author.username}/follow`).expect(200)
    const { article } = await reader.api.get(`/api/articles/${slug}`).expect(200).json<ArticleAnswer>()
    expect(article).toMatchObject({ favorited: true, favoritesCount: 1, author: { following: true } })
    expect(await read(slug)).toMatchObject({ favorited: false, favoritesCount: 1, author: { following: false } })
  })

  it('answers 404 for an unknown slug', async () => {
    expect(await conduit.api.get('/api/articles/unknown').expect(404).json()).toEqual(notFound('article'))
  })
})

describe('changing', () => {
  const change = async (slug: string, article: object): Promise<Article> =>
    (await author.api.put(`/api/articles/${slug}`, { json: { article } }).expect(200).json<ArticleAnswer>()).article

  it('keeps what is absent, the slug and createdAt, and moves updatedAt', async () => {
    const before = await conduit.publish(author, { tagList: ['kept'] })
    const after = await change(before.slug, { body: 'Another body' })
    expect(after).toEqual({ ...before, body: 'Another body', updatedAt: expect.stringMatching(instant) })
    expect(after.updatedAt > before.updatedAt).toBe(true)
    expect(await read(before.slug)).toEqual(after)
  })

  it('moves updatedAt with every change, however fast they come', async () => {
    const { slug, updatedAt } = await conduit.publish(author)
    const instants = [updatedAt]
    for (const body of ['one', 'two', 'three']) instants.push((await change(slug, { body })).updatedAt)
    expect(new Set(instants).size).toBe(4)
    expect(instants.toSorted()).toEqual(instants)
  })

  it('makes a new slug of a new title, and keeps it for the same title', async () => {
    const { slug } = await conduit.publish(author, { title: 'First title' })
    expect((await change(slug, { title: 'First title' })).slug).toBe(slug)
    const renamed = await change(slug, { title: 'Second title' })
    expect(renamed.slug).toBe('second-title')
    await conduit.api.get(`/api/articles/${slug}`).expect(404)
  })

  it('finds a free slug when the new title is one that exists', async () => {
    const [one, two] = [await conduit.publish(author, { title: 'Occupied' }), await conduit.publish(author, { title: 'Vacant' })]
    const renamed = await change(two.slug, { title: 'Occupied' })
    expect(renamed.slug).not.toBe(one.slug)
    expect(renamed.slug).toMatch(/^occupied-/)
  })

  it('replaces the tags with a list, clears them with an empty one, and refuses null', async () => {
    const { slug } = await conduit.publish(author, { tagList: ['a', 'b'] })
    expect((await change(slug, { tagList: ['c', 'b'] })).tagList).toEqual(['b', 'c'])
    expect(
      await author.api
        .put(`/api/articles/${slug}`, { json: { article: { tagList: null } } })
        .expect(422)
        .json(),
    ).toEqual(blank('tagList'))
    expect((await change(slug, { tagList: [] })).tagList).toEqual([])
    expect((await read(slug)).tagList).toEqual([])
  })

  it.each(['title', 'description', 'body'])('answers 422 for a %s that is null or empty', async (field) => {
    const { slug } = await conduit.publish(author)
    for (const nothing of [null, '']) {
      expect(
        await author.api
          .put(`/api/articles/${slug}`, { json: { article: { [field]: nothing } } })
          .expect(422)
          .json(),
      ).toEqual(blank(field))
    }
  })

  it('ignores fields that are not the author’s to set', async () => {
    const before = await conduit.publish(author)
    const after = await change(before.slug, { body: 'x', slug: 'taken-over', authorId: 99, createdAt: '1970-01-01T00:00:00.000Z' })
    expect(after).toMatchObject({ slug: before.slug, createdAt: before.createdAt, author: before.author })
  })
})

describe('deleting', () => {
  it('answers 204 without a body, and 404 afterwards', async () => {
    const { slug } = await conduit.publish(author)
    const answer = await author.api.delete(`/api/articles/${slug}`).expect(204)
    expect(answer.body).toHaveLength(0)
    expect(await conduit.api.get(`/api/articles/${slug}`).expect(404).json()).toEqual(notFound('article'))
  })

  it('takes comments, favourites and tags along', async () => {
    const { slug } = await conduit.publish(author, { tagList: ['doomed'] })
    await conduit.comment(author, slug)
    await author.api.post(`/api/articles/${slug}/favorite`).expect(200)
    await author.api.delete(`/api/articles/${slug}`, { headers: { 'content-type': 'application/json' } }).expect(204)
    expect((await conduit.api.get('/api/tags').json<{ tags: string[] }>()).tags).not.toContain('doomed')
    const favorites = await conduit.api.get('/api/articles', { query: { favorited: author.username } }).json()
    expect(favorites).toEqual({ articles: [], articlesCount: 0 })
  })
})

describe('who may', () => {
  it('answers 401 before 404 before 403', async () => {
    const other = await conduit.register()
    const { slug } = await conduit.publish(author)
    for (const [method, options] of [
      ['PUT', { json: { article: { body: 'x' } } }],
      ['DELETE', {}],
    ] as const) {
      expect(await conduit.api.request(method, '/api/articles/unknown', options).expect(401).json()).toEqual(tokenIsMissing)
      expect(await conduit.api.request(method, `/api/articles/${slug}`, options).expect(401).json()).toEqual(tokenIsMissing)
      expect(await other.api.request(method, '/api/articles/unknown', options).expect(404).json()).toEqual(notFound('article'))
      expect(await other.api.request(method, `/api/articles/${slug}`, options).expect(403).json()).toEqual(forbidden('article'))
    }
    expect((await read(slug)).body).toBe('All of it')
  })
})
