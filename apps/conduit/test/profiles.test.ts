import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { notFound, tokenIsMissing, type ProfileAnswer } from './support/answers.ts'
import { startConduit, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

describe('a profile', () => {
  it('has exactly its four fields, and is followed by nobody in the eyes of a stranger', async () => {
    const { username } = await conduit.register()
    const { profile } = await conduit.api.get(`/api/profiles/${username}`).expect(200).json<ProfileAnswer>()
    expect(profile).toEqual({ username, bio: null, image: null, following: false })
  })

  it('is found by a name that has to be escaped in a URL', async () => {
    const { username } = await conduit.register('Zoë of /dev/null & co')
    const { profile } = await conduit.api
      .get(`/api/profiles/${encodeURIComponent(username)}`)
      .expect(200)
      .json<ProfileAnswer>()
    expect(profile.username).toBe(username)
  })

  it('is found by the longest name there may be, whatever it is made of', async () => {
    const { username } = await conduit.register('🦉'.repeat(50))
    const path = `/api/profiles/${encodeURIComponent(username)}`
    expect((await conduit.api.get(path).expect(200).json<ProfileAnswer>()).profile.username).toBe(username)
    const tooLong = { username: '🦉'.repeat(51), email: 'owl@conduit.test', password: 'long enough' }
    await conduit.api.post('/api/users', { json: { user: tooLong } }).expect(422)
  })

  it('keeps to the shape of the API however its path is spelled', async () => {
    expect(await conduit.api.get('/%61pi/profiles/nobody').expect(404).json()).toEqual(notFound('profile'))
  })

  it('answers 404 for an unknown name', async () => {
    expect(await conduit.api.get('/api/profiles/nobody').expect(404).json()).toEqual(notFound('profile'))
  })
})

describe('following', () => {
  it('shows to the follower alone, persists, ends with unfollowing, and may be repeated', async () => {
    const [reader, writer, other] = [await conduit.register(), await conduit.register(), await conduit.register()]
    const path = `/api/profiles/${writer.username}`
    for (const [method, following] of [
      ['POST', true],
      ['POST', true],
      ['DELETE', false],
      ['DELETE', false],
    ] as const) {
      const { profile } = await reader.api.request(method, `${path}/follow`).expect(200).json<ProfileAnswer>()
      expect(profile).toEqual({ username: writer.username, bio: null, image: null, following })
      expect((await reader.api.get(path).json<ProfileAnswer>()).profile.following).toBe(following)
      expect((await other.api.get(path).json<ProfileAnswer>()).profile.following).toBe(false)
    }
  })

  it.each([
    ['no body and no content type', {}],
    ['an empty body called JSON', { headers: { 'content-type': 'application/json' } }],
    ['a JSON body about something else', { json: { user: { email: 'x@test.com' } } }],
  ])('is accepted with %s', async (_case, options) => {
    const [reader, writer] = [await conduit.register(), await conduit.register()]
    for (const method of ['POST', 'DELETE']) {
      await reader.api.request(method, `/api/profiles/${writer.username}/follow`, options).expect(200)
    }
  })

  it('answers 404 for an unknown name, but 401 first', async () => {
    const { api } = await conduit.register()
    for (const method of ['POST', 'DELETE']) {
      expect(await api.request(method, '/api/profiles/nobody/follow').expect(404).json()).toEqual(notFound('profile'))
      expect(await conduit.api.request(method, '/api/profiles/nobody/follow').expect(401).json()).toEqual(tokenIsMissing)
    }
  })
})
