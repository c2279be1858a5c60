import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { tokenIsMissing, type ArticlesAnswer } from './support/answers.ts'
import { startConduit, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

describe('the feed', () => {
  it('is empty for a new user, also when they have written something', async () => {
    const { api } = await conduit.register()
    expect(await api.get('/api/articles/feed').expect(200).json()).toEqual({ articles: [], articlesCount: 0 })
  })

  it('has the articles of followed users only, the newest first, without their bodies', async () => {
    const [me, followed, stranger] = [await conduit.register(), await conduit.register(), await conduit.register()]
    await conduit.publish(me, { title: 'Mine' })
    await conduit.publish(followed, { title: 'Early' })
    await conduit.publish(stranger, { title: 'Strange' })
    await conduit.publish(followed, { title: 'Late' })
    await me.api.post(`/api/profiles/${followed.username}/follow`).expect(200)

    const { articles, articlesCount } = await me.api.get('/api/articles/feed').expect(200).json<ArticlesAnswer>()
    expect(articles.map(({ title }) => title)).toEqual(['Late', 'Early'])
    expect(articlesCount).toBe(2)
    for (const article of articles) {
      expect(article).not.toHaveProperty('body')
      expect(article.author).toMatchObject({ username: followed.username, following: true })
    }

    const page = await me.api
      .get('/api/articles/feed', { query: { limit: 1, offset: 1 } })
      .expect(200)
      .json<ArticlesAnswer>()
    expect(page).toMatchObject({ articles: [{ title: 'Early' }], articlesCount: 2 })

    await me.api.delete(`/api/profiles/${followed.username}/follow`).expect(200)
    expect(await me.api.get('/api/articles/feed').expect(200).json()).toEqual({ articles: [], articlesCount: 0 })
  })

  it('answers 401 without a token', async () => {
    expect(await conduit.api.get('/api/articles/feed').expect(401).json()).toEqual(tokenIsMissing)
  })
})
