import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { blank, forbidden, notFound, tokenIsMissing, type CommentAnswer, type CommentsAnswer } from './support/answers.ts'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let author: Member
let slug: string
beforeAll(async () => {
  conduit = await startConduit()
  author = await conduit.register()
  slug = (await conduit.publish(author)).slug
})
afterAll(() => conduit.close())

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const list = async (of = slug, who = conduit.api): Promise<CommentsAnswer['comments']> =>
  (await who.get(`/api/articles/${of}/comments`).expect(200).json<CommentsAnswer>()).comments

describe('commenting', () => {
  it('answers 201 with the comment, its text byte for byte', async () => {
    const body = 'It\'s <i>great</i> & "good" – 日本'
    const answer = await author.api
      .post(`/api/articles/${slug}/comments`, { json: { comment: { body } } })
      .expect(201)
      .json<CommentAnswer>()
    expect(answer).toEqual({
      comment: {
        id: expect.any(Number),
        body,
        createdAt: expect.stringMatching(instant),
        updatedAt: answer.comment.createdAt,
        author: { username: author.username, bio: null, image: null, following: false },
      },
    })
    expect(Number.isSafeInteger(answer.comment.id)).toBe(true)
    expect(await list()).toContainEqual(answer.comment)
  })

  it("answers 422 can't be blank for a body that is empty, blank, null or missing", async () => {
    for (const body of ['', ' ', null, undefined]) {
      expect(
        await author.api
          .post(`/api/articles/${slug}/comments`, { json: { comment: { body } } })
          .expect(422)
          .json(),
      ).toEqual(blank('body'))
    }
  })

  it('answers 404 for an unknown article, but 401 first', async () => {
    const options = { json: { comment: { body: 'x' } } }
    expect(await author.api.post('/api/articles/unknown/comments', options).expect(404).json()).toEqual(notFound('article'))
    expect(await conduit.api.post('/api/articles/unknown/comments', options).expect(401).json()).toEqual(tokenIsMissing)
  })
})

describe('the comments on an article', () => {
  it('are in the order they were made, and about the reader whose token was sent', async () => {
    const reader = await conduit.register()
    await reader.api.post(`/api/profiles/${author.username}/follow`).expect(200)
    const article = await conduit.publish(author)
    for (const body of ['one', 'two', 'three']) await conduit.comment(author, article.slug, body)
    const comments = await list(article.slug, reader.api)
    expect(comments.map(({ body }) => body)).toEqual(['one', 'two', 'three'])
    expect(comments.every((comment) => comment.author.following)).toBe(true)
    expect((await list(article.slug)).some((comment) => comment.author.following)).toBe(false)
  })

  it('are none at first, and 404 for an unknown article', async () => {
    expect(await list((await conduit.publish(author)).slug)).toEqual([])
    expect(await conduit.api.get('/api/articles/unknown/comments').expect(404).json()).toEqual(notFound('article'))
  })
})

describe('deleting a comment', () => {
  it('answers 204 without a body and leaves the others', async () => {
    const article = await conduit.publish(author)
    const [one, two] = [await conduit.comment(author, article.slug), await conduit.comment(author, article.slug)]
    const answer = await author.api.delete(`/api/articles/${article.slug}/comments/${one.id}`).expect(204)
    expect(answer.body).toHaveLength(0)
    expect((await list(article.slug)).map(({ id }) => id)).toEqual([two.id])
  })

  it('is for its author alone: not for others, and not for the author of the article', async () => {
    const [commenter, other] = [await conduit.register(), await conduit.register()]
    const { id } = await conduit.comment(commenter, slug)
    for (const { api } of [other, author]) {
      expect(await api.delete(`/api/articles/${slug}/comments/${id}`).expect(403).json()).toEqual(forbidden('comment'))
    }
    expect((await list()).map((comment) => comment.id)).toContain(id)
    await commenter.api.delete(`/api/articles/${slug}/comments/${id}`).expect(204)
  })

  it('answers 404 about the comment for an id that is unknown, of another article, or no id', async () => {
    const elsewhere = await conduit.publish(author)
    const { id } = await conduit.comment(author, elsewhere.slug)
    for (const unknown of [99_999, id, 'abc', '1.5', '-1', '9'.repeat(30)]) {
      expect(await author.api.delete(`/api/articles/${slug}/comments/${unknown}`).expect(404).json()).toEqual(notFound('comment'))
    }
    expect(await list(elsewhere.slug)).toHaveLength(1)
  })

  it('answers 404 about the article before the comment, and 401 before both', async () => {
    for (const id of ['99999', 'abc']) {
      expect(await author.api.delete(`/api/articles/unknown/comments/${id}`).expect(404).json()).toEqual(notFound('article'))
      expect(await conduit.api.delete(`/api/articles/unknown/comments/${id}`).expect(401).json()).toEqual(tokenIsMissing)
    }
  })
})
