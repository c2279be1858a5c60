import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startConduit, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

const preflight = {
  headers: {
    origin: 'https://front.test',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization,content-type',
  },
}

it('answers a preflight with what a front end of another origin may do', async () => {
  for (const path of ['/api/user', '/api/articles', '/api/articles/any/favorite']) {
    const { headers } = await conduit.api.request('OPTIONS', path, preflight).expect(204)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-headers')).toMatch(/\bauthorization\b.*\bcontent-type\b/i)
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  }
})

it('lets it read answers and errors alike', async () => {
  for (const [path, status] of [
    ['/api/tags', 200],
    ['/api/user', 401],
    ['/api/nothing', 404],
  ] as const) {
    await conduit.api.get(path).expect(status).expectHeader('access-control-allow-origin', '*')
  }
})

it('says nothing of the kind outside the API', async () => {
  await conduit.api.get('/').expect(200).expectHeader('access-control-allow-origin', undefined)
})
