import { createJwt } from '@covet/jwt'
import { testApp } from '@covet/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConduit } from '../src/app.ts'
import { errors, tokenIsMissing } from './support/answers.ts'
import { startConduit, temporaryFolder, testSettings, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let member: Member
beforeAll(async () => {
  conduit = await startConduit()
  member = await conduit.register()
})
afterAll(() => conduit.close())

const day = 86_400_000

/** A token made with the application's own key, `age` milliseconds ago. */
async function tokenFor(sub: string, { age = 0 } = {}): Promise<string> {
  const { jwtSecret } = await testSettings('unused.db')
  const jwt = createJwt({
    issuer: 'conduit',
    audience: 'conduit',
    keys: [{ algorithm: 'HS256', secret: jwtSecret }],
    lifetime: '30d',
    dangerouslyLongLifetime: '30d',
    clock: () => Date.now() - age,
  })
  return jwt.sign({ sub })
}

const required = ['/api/user', '/api/articles/feed']
const optional = ['/api/articles', '/api/articles/any', '/api/articles/any/comments', '/api/profiles/any']

async function refusal(path: string, authorization: string): Promise<unknown> {
  return conduit.api.get(path, { headers: { authorization } }).expect(401).json()
}

describe('a token', () => {
  it('is accepted as Token and as Bearer, in any case', async () => {
    for (const scheme of ['Token', 'Bearer', 'token', 'BEARER']) {
      await conduit.api.get('/api/user', { headers: { authorization: `${scheme} ${member.token}` } }).expect(200)
    }
  })

  it('is missing when another scheme or nothing is in its place', async () => {
    for (const authorization of ['Basic YTpi', 'Token', 'Token ', member.token]) {
      for (const path of required) expect(await refusal(path, authorization)).toEqual(tokenIsMissing)
      await conduit.api.get('/api/articles', { headers: { authorization } }).expect(200)
    }
  })

  it('is invalid when it is forged, unsigned or cut, also where none is needed', async () => {
    const [header = '', payload = '', signature = ''] = member.token.split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    const forged = [`${header}.${payload}.${signature.slice(1)}A`, `${none}.${payload}.`, `${header}.${payload}`, 'nonsense']
    for (const token of forged) {
      for (const path of [...required, ...optional]) expect(await refusal(path, `Token ${token}`)).toEqual(errors('token', 'is invalid'))
    }
  })

  it('lasts for 30 days', async () => {
    const [young, old] = [await tokenFor('1', { age: 29 * day }), await tokenFor('1', { age: 31 * day })]
    await conduit.api.get('/api/user', { headers: { authorization: `Token ${young}` } }).expect(200)
    for (const path of [...required, ...optional]) expect(await refusal(path, `Token ${old}`)).toEqual(errors('token', 'has expired'))
  })

  it('is invalid for a user who does not exist', async () => {
    for (const sub of ['0', '99999']) {
      expect(await refusal('/api/user', `Token ${await tokenFor(sub)}`)).toEqual(errors('token', 'is invalid'))
    }
  })

  it('is not looked at on open routes', async () => {
    await conduit.api.get('/api/tags', { headers: { authorization: 'Token nonsense' } }).expect(200)
  })
})

it('keeps an application from starting in which a route says nothing about access', async () => {
  const folder = await temporaryFolder()
  const settings = await testSettings(join(folder, 'conduit.db'))
  const boot = testApp(async () => {
    const app = await createConduit(settings)
    app.get('/api/forgotten', () => 'open by accident')
    return app
  })
  await expect(boot).rejects.toMatchObject({ code: 'router/undeclared-access', message: expect.stringContaining('/api/forgotten') })
  await rm(folder, { recursive: true })
})
