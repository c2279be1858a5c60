import { createPasswords } from '@covet/password'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { User } from '../src/users/user.ts'
import { blank, errors, taken, tokenIsMissing, type ErrorAnswer, type UserAnswer } from './support/answers.ts'
import { password, startConduit, uniqueName, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

const newUser = (changes: object = {}): object => {
  const username = uniqueName('new')
  return { user: { username, email: `${username}@test.com`, password, ...changes } }
}

describe('registration', () => {
  it('answers 201 with the user, a token, and null for bio and image', async () => {
    const { user } = await conduit.api
      .post('/api/users', { json: { user: { username: 'ann', email: 'ann@test.com', password } } })
      .expect(201)
      .expectHeader('content-type', 'application/json; charset=utf-8')
      .json<UserAnswer>()
    expect(user).toEqual({ username: 'ann', email: 'ann@test.com', bio: null, image: null, token: expect.stringMatching(/.+/) })
  })

  it.each(['username', 'email', 'password'])("answers 422 can't be blank for a %s that is empty, blank, null or missing", async (field) => {
    const absent = field === 'password' ? ['', null, undefined] : ['', '  ', null, undefined]
    for (const value of absent) {
      expect(
        await conduit.api
          .post('/api/users', { json: newUser({ [field]: value }) })
          .expect(422)
          .json(),
      ).toEqual(blank(field))
    }
  })

  it('reports every bad field', async () => {
    const answer = await conduit.api
      .post('/api/users', { json: { user: {} } })
      .expect(422)
      .json<ErrorAnswer>()
    expect(answer).toEqual({ errors: { username: ["can't be blank"], email: ["can't be blank"], password: ["can't be blank"] } })
  })

  it('refuses a password under 8 characters, an address that is none, and values of the wrong type', async () => {
    for (const [field, value] of [
      ['password', '1234567'],
      ['email', 'nobody'],
      ['username', 7],
    ] as const) {
      const answer = await conduit.api
        .post('/api/users', { json: newUser({ [field]: value }) })
        .expect(422)
        .json<ErrorAnswer>()
      expect(Object.keys(answer.errors)).toEqual([field])
    }
  })

  it('answers 409 for a taken name, a taken e-mail in any case, and names both when both are taken', async () => {
    const { username, email } = await conduit.register()
    const other = { username: uniqueName('other'), email: `${uniqueName('other')}@test.com` }
    const attempt = (user: object): Promise<unknown> =>
      conduit.api
        .post('/api/users', { json: newUser(user) })
        .expect(409)
        .json()
    expect(await attempt({ ...other, username })).toEqual(taken('username'))
    expect(await attempt({ ...other, email })).toEqual(taken('email'))
    expect(await attempt({ ...other, email: email.toUpperCase() })).toEqual(taken('email'))
    expect(await attempt({ username, email })).toEqual({ errors: { ...taken('username').errors, ...taken('email').errors } })
  })

  it('gives a name to one of two who ask for it at the same moment', async () => {
    const username = uniqueName('wanted')
    const attempts = ['a', 'b', 'c'].map((letter) =>
      conduit.api.post('/api/users', { json: newUser({ username, email: `${letter}_${username}@test.com` }) }),
    )
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 409, 409])
  })

  it('answers 422 before 409', async () => {
    const { username } = await conduit.register()
    expect(
      await conduit.api
        .post('/api/users', { json: newUser({ username, password: '' }) })
        .expect(422)
        .json(),
    ).toEqual(blank('password'))
  })

  it('ignores fields it does not know, an id among them', async () => {
    const { user } = await conduit.api
      .post('/api/users', { json: newUser({ id: 1, bio: 'x', demo: true }) })
      .expect(201)
      .json<UserAnswer>()
    expect(user.bio).toBeNull()
  })
})

describe('login', () => {
  it('answers the user with a token that works', async () => {
    const { email, username } = await conduit.register()
    const { user } = await conduit.api
      .post('/api/users/login', { json: { user: { email, password } } })
      .expect(200)
      .json<UserAnswer>()
    expect(user).toEqual({ email, username, bio: null, image: null, token: expect.any(String) })
    await conduit.api
      .with({ authorization: `Token ${user.token}` })
      .get('/api/user')
      .expect(200)
  })

  it('answers 401 alike for a wrong password, one of impossible length or form, and an unknown e-mail', async () => {
    const { email } = await conduit.register()
    const attempts = [
      { email, password: 'wrong-password' },
      { email, password: 'short' },
      { email, password: 'x'.repeat(300) },
      { email, password: '\ud800 is half a character' },
      { email: 'nobody@test.com', password },
    ]
    for (const user of attempts) {
      expect(await conduit.api.post('/api/users/login', { json: { user } }).expect(401).json()).toEqual(errors('credentials', 'invalid'))
    }
  })

  it('renews a stored hash that was made with other parameters', async () => {
    const { email } = await conduit.register()
    const oldHash = await createPasswords({ parameters: 'memory' }).hash(password)
    await User.where('email', email).update({ passwordHash: oldHash })
    for (const _time of ['first', 'second']) {
      await conduit.api.post('/api/users/login', { json: { user: { email, password } } }).expect(200)
      const stored = await User.where('email', email).get()
      expect(stored.passwordHash).toContain('$m=19456,t=2,p=1$')
    }
  })

  it.each(['email', 'password'])("answers 422 can't be blank for an empty or missing %s, also of a known account", async (field) => {
    const { email } = await conduit.register()
    for (const value of ['', null, undefined]) {
      const user = { email, password, [field]: value }
      expect(await conduit.api.post('/api/users/login', { json: { user } }).expect(422).json()).toEqual(blank(field))
    }
  })
})

describe('the signed-in user', () => {
  it('is answered with a token', async () => {
    const { api, email, username } = await conduit.register()
    const { user } = await api.get('/api/user').expect(200).json<UserAnswer>()
    expect(user).toEqual({ email, username, bio: null, image: null, token: expect.stringMatching(/.+/) })
  })

  it('answers 401 without a token, also before it looks at the body', async () => {
    expect(await conduit.api.get('/api/user').expect(401).expectHeader('www-authenticate', 'Token').json()).toEqual(tokenIsMissing)
    expect(
      await conduit.api
        .put('/api/user', { json: { user: { email: '' } } })
        .expect(401)
        .json(),
    ).toEqual(tokenIsMissing)
    expect(
      await conduit.api
        .put('/api/user', { body: '{', headers: { 'content-type': 'application/json' } })
        .expect(401)
        .json(),
    ).toEqual(tokenIsMissing)
  })

  it('changes what is given and keeps the rest', async () => {
    const { api, email, username } = await conduit.register()
    await api.put('/api/user', { json: { user: { bio: 'I write', image: 'https://test.com/me.png' } } }).expect(200)
    const { user } = await api
      .put('/api/user', { json: { user: { email: `new_${email}` } } })
      .expect(200)
      .json<UserAnswer>()
    expect(user).toMatchObject({ email: `new_${email}`, username, bio: 'I write', image: 'https://test.com/me.png' })
    expect((await api.get('/api/user').json<UserAnswer>()).user).toMatchObject({ email: `new_${email}`, bio: 'I write' })
  })

  it.each(['bio', 'image'])('stores null for a %s that is null or empty', async (field) => {
    const { api } = await conduit.register()
    for (const nothing of [null, '']) {
      await api.put('/api/user', { json: { user: { [field]: 'something' } } }).expect(200)
      const { user } = await api
        .put('/api/user', { json: { user: { [field]: nothing } } })
        .expect(200)
        .json<UserAnswer>()
      expect(user).toMatchObject({ [field]: null })
      expect((await api.get('/api/user').json<UserAnswer>()).user).toMatchObject({ [field]: null })
    }
  })

  it.each(['email', 'username', 'password'])('answers 422 for a %s that is null or empty', async (field) => {
    const { api } = await conduit.register()
    for (const nothing of [null, '']) {
      expect(
        await api
          .put('/api/user', { json: { user: { [field]: nothing } } })
          .expect(422)
          .json(),
      ).toEqual(blank(field))
    }
  })

  it('takes passwords of 8 and of 64 characters in a row with the token of the registration, and refuses 7', async () => {
    const { api, email } = await conduit.register()
    await api.put('/api/user', { json: { user: { password: 'seven77' } } }).expect(422)
    await api.put('/api/user', { json: { user: { password: 'eight888' } } }).expect(200)
    await api.put('/api/user', { json: { user: { password: 'a'.repeat(64) } } }).expect(200)
    await api.get('/api/user').expect(200)
    await conduit.api.post('/api/users/login', { json: { user: { email, password } } }).expect(401)
    await conduit.api.post('/api/users/login', { json: { user: { email, password: 'a'.repeat(64) } } }).expect(200)
  })

  it('answers a token that works after a change of name and e-mail', async () => {
    const { api } = await conduit.register()
    const username = uniqueName('renamed')
    const { user } = await api
      .put('/api/user', { json: { user: { username, email: `${username}@test.com` } } })
      .expect(200)
      .json<UserAnswer>()
    const again = await conduit.api
      .with({ authorization: `Token ${user.token}` })
      .get('/api/user')
      .expect(200)
      .json<UserAnswer>()
    expect(again.user.username).toBe(username)
  })

  it('may send its own name and e-mail again, and not those of another user', async () => {
    const [me, other] = [await conduit.register(), await conduit.register()]
    await me.api.put('/api/user', { json: { user: { email: me.email, username: me.username } } }).expect(200)
    expect(
      await me.api
        .put('/api/user', { json: { user: { email: other.email } } })
        .expect(409)
        .json(),
    ).toEqual(taken('email'))
    expect(
      await me.api
        .put('/api/user', { json: { user: { username: other.username } } })
        .expect(409)
        .json(),
    ).toEqual(taken('username'))
  })

  it('answers 422 when nothing is to be changed', async () => {
    const { api } = await conduit.register()
    const answer = await api
      .put('/api/user', { json: { user: { id: 1 } } })
      .expect(422)
      .json<ErrorAnswer>()
    expect(answer.errors['user']).toEqual(['needs at least one of email, username, password, bio, image'])
  })
})
