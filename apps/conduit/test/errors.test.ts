import { Database } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ErrorAnswer } from './support/answers.ts'
import { startConduit, type Conduit, type Member } from './support/conduit.ts'

let conduit: Conduit
let member: Member
beforeAll(async () => {
  conduit = await startConduit()
  member = await conduit.register()
})
afterAll(() => conduit.close())

const json = { 'content-type': 'application/json' }

/** The status, the names under `errors`, and proof that there is nothing beside them. */
async function refused(method: string, path: string, options: Parameters<Member['api']['request']>[2] = {}): Promise<[number, string[]]> {
  const response = await member.api.request(method, path, options).expectHeader('content-type', 'application/json; charset=utf-8')
  const body = response.json<ErrorAnswer>()
  expect(Object.keys(body)).toEqual(['errors'])
  for (const messages of Object.values(body.errors)) expect(messages).toEqual([expect.any(String)])
  return [response.status, Object.keys(body.errors)]
}

describe('every error under /api has the one shape', () => {
  it('for a path that does not exist', async () => {
    for (const path of ['/api', '/api/', '/api/nothing', '/api/articles/a/b/c'])
      expect(await refused('GET', path)).toEqual([404, ['request']])
  })

  it('for a method that the path does not know, which names those it knows', async () => {
    expect(await refused('PATCH', '/api/articles')).toEqual([405, ['request']])
    const { headers } = await member.api.delete('/api/users/login').expect(405)
    expect(headers.get('allow')).toContain('POST')
  })

  it('for a body that is too large, no JSON, or called something else', async () => {
    expect(await refused('POST', '/api/articles', { headers: json, body: `{"article":{"body":"${'x'.repeat(1_100_000)}"}}` })).toEqual([
      413,
      ['request'],
    ])
    expect(await refused('POST', '/api/articles', { headers: json, body: '{"article":' })).toEqual([400, ['request']])
    expect(await refused('POST', '/api/articles', { headers: { 'content-type': 'text/plain' }, body: 'Hello' })).toEqual([415, ['request']])
    expect(
      await refused('POST', '/api/articles', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }),
    ).toEqual([415, ['request']])
  })

  it('for a body without its wrapper, or none at all', async () => {
    expect(await refused('POST', '/api/users', { json: { username: 'x' } })).toEqual([422, ['user']])
    expect(await refused('POST', '/api/users', { json: { user: 'x' } })).toEqual([422, ['user']])
    expect(await refused('POST', '/api/users', { json: [] })).toEqual([422, ['body']])
    expect(await refused('POST', '/api/users', { headers: json, body: '' })).toEqual([422, ['body']])
    expect(await refused('POST', '/api/users')).toEqual([422, ['body']])
    expect(await refused('PUT', '/api/articles/any', { json: { title: 'x' } })).toEqual([422, ['article']])
  })

  it('for a JSON body that tries to reach a prototype', async () => {
    expect(await refused('POST', '/api/users', { headers: json, body: '{"user":{"__proto__":{"admin":true}}}' })).toEqual([
      400,
      ['request'],
    ])
  })

  it('for a path that cannot be decoded or has a parameter out of bounds', async () => {
    expect(await refused('GET', '/api/articles/%zz')).toEqual([400, ['request']])
    expect(await refused('GET', `/api/articles/${'x'.repeat(200)}`)).toEqual([414, ['request']])
  })

  it('for text with a NUL, which no engine but SQLite keeps', async () => {
    const article = { title: 'a\0b', description: 'D', body: 'B' }
    expect(await refused('POST', '/api/articles', { json: { article } })).toEqual([400, ['request']])
    expect(await refused('GET', '/api/articles?tag=%00')).toEqual([400, ['request']])
    expect(await refused('GET', '/api/profiles/%00')).toEqual([400, ['request']])
  })

  it('for a fault of the server, about which it says nothing', async () => {
    const broken = await startConduit()
    try {
      await broken.app.services.get(Database).script('drop table tags')
      const { errors } = await broken.api.get('/api/articles').expect(500).json<ErrorAnswer>()
      expect(errors).toEqual({ server: ['could not answer this request'] })
    } finally {
      await broken.close()
    }
  })
})

it('leaves errors elsewhere as problem documents', async () => {
  await conduit.api.get('/nothing').expectProblem(404, 'http/not-found')
  await conduit.api.get('/apiary').expectProblem(404, 'http/not-found')
})
