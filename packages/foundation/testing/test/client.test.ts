import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CookieJar, errors, httpClient, type HttpClient, testApp, type TestApp } from '@covet/testing'
import { CovetError, plugin, problems } from '@covet/core'
import Fastify, { type FastifyInstance } from 'fastify'

function routes(app: FastifyInstance): void {
  app.get('/users/:id', async (request) => ({ id: (request.params as { id: string }).id, agent: request.headers['x-agent'] ?? null }))
  app.get('/search', async (request) => request.query)
  app.post('/echo', async (request, reply) => reply.code(201).send(request.body))
  app.post('/form', async (request) => ({ form: request.body }))
  app.get('/sign-in', async (_request, reply) => reply.header('set-cookie', ['sid=1; Path=/; HttpOnly', 'theme=dark']).redirect('/'))
  app.get('/sign-out', async (_request, reply) => reply.header('set-cookie', 'sid=; Max-Age=0').code(204).send())
  app.get('/cookies', async (request) => ({ cookie: request.headers.cookie ?? null }))
  app.get('/broken', async (_request, reply) => reply.type('application/json').send('{'))
  app.get('/teapot', async () => {
    throw new CovetError('tea/short-and-stout', 'No coffee.', { statusCode: 418 })
  })
  app.get('/wrong-problem', async (_request, reply) => reply.code(400).type('application/problem+json').send('{"status":401}'))
  app.get('/stream', async (_request, reply) => reply.type('text/plain').send(new Blob(['a', 'b']).stream()))
  app.put('/method', async ({ method }) => ({ method }))
  app.patch('/method', async ({ method }) => ({ method }))
  app.delete('/method', async ({ method }) => ({ method }))
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

/** Every way a client can reach an application behaves the same. */
const ways: Record<string, () => Promise<TestApp<FastifyInstance>>> = {
  'over a socket': () => testApp(plainFastify, { listen: true }),
  'in the process of a plain Fastify application': () => testApp(plainFastify),
  'through fetch of a Covet application': () => testApp({ plugins: [plugin({ name: 'routes', setup: routes })] }),
}

async function plainFastify(): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(problems())
  routes(app)
  return app
}

describe.each(Object.entries(ways))('a client %s', (_way, start) => {
  let test: TestApp<FastifyInstance>
  let client: HttpClient
  beforeAll(async () => {
    test = await start()
  })
  afterAll(() => test.close())
  beforeAll(() => {
    client = test.newClient()
  })

  it('asserts a status and gives the body', async () => {
    const user = await client.get('/users/7').expect(200).json<{ id: string }>()
    expect(user.id).toBe('7')
    expect(await client.get('/users/7').text()).toContain('"7"')
  })

  it('sends JSON, a query, forms and headers', async () => {
    expect(
      await client
        .post('/echo', { json: { a: [1] } })
        .expect(201)
        .json(),
    ).toEqual({ a: [1] })
    expect(await client.get('/search', { query: { q: 'a b', page: 2, all: true } }).json()).toEqual({ q: 'a b', page: '2', all: 'true' })
    expect(await client.post('/echo', { body: '"text"', headers: { 'content-type': 'application/json' } }).text()).toBe('text')
    const visitor = client.with({ 'x-agent': 'ada' })
    expect(await visitor.get('/users/1').json()).toEqual({ id: '1', agent: 'ada' })
    expect(await visitor.get('/users/1', { headers: { 'x-agent': 'bob' } }).json()).toEqual({ id: '1', agent: 'bob' })
  })

  it('has every method', async () => {
    for (const method of ['put', 'patch', 'delete'] as const) {
      expect(await client[method]('/method').expect(200).json()).toEqual({ method: method.toUpperCase() })
    }
    const head = await client.head('/users/1').expect(200)
    expect(head.text()).toBe('')
  })

  it('keeps the cookies it is given, and does not follow redirects', async () => {
    const visitor = test.newClient()
    await visitor.get('/sign-in').expect(302).expectHeader('location', '/')
    expect(await visitor.get('/cookies').json()).toEqual({ cookie: 'sid=1; theme=dark' })
    await visitor.get('/sign-out').expect(204)
    expect(await visitor.get('/cookies').json()).toEqual({ cookie: 'theme=dark' })
    expect(await test.newClient().get('/cookies').json()).toEqual({ cookie: null })
  })

  it('asserts headers by text, by pattern, and by absence', async () => {
    const response = await client
      .get('/users/1')
      .expectHeader('content-type', /^application\/json/)
      .expectHeader('x-none', undefined)
    expect(() => response.expectHeader('content-type', 'text/html')).toThrow(
      /Expected header content-type text\/html, got application\/json/,
    )
    expect(() => response.expectHeader('content-type', undefined)).toThrow(/to be absent/)
    expect(() => response.expectHeader('x-none', /./)).toThrow(errors.UnexpectedResponseError)
  })

  it('asserts a problem by status and code', async () => {
    const problem = await client.get('/teapot').expectProblem(418, 'tea/short-and-stout')
    expect(problem).toMatchObject({ status: 418, detail: 'No coffee.' })
    await expect(client.get('/teapot').expectProblem(418, 'tea/other')).rejects.toThrow(
      "Expected problem 'tea/other', got 'tea/short-and-stout'.",
    )
    await expect(client.get('/users/1').expectProblem(200)).rejects.toThrow('Expected application/problem+json, got application/json.')
    await expect(client.get('/wrong-problem').expectProblem(400)).rejects.toThrow("Expected the problem's status to be 400, got 401.")
  })

  it('shows the request, the status and the body when an answer is not the expected one', async () => {
    const error: unknown = await client
      .post('/echo', { json: { name: 'ada' } })
      .expect(200)
      .json()
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(errors.UnexpectedResponseError)
    expect(error).toMatchObject({ status: 201, body: '{"name":"ada"}' })
    const { message, stack } = error as Error
    expect(message).toMatch(/^Expected status 200, got 201\.\n\nPOST \/echo\n {2}\{"name":"ada"\}\nanswered 201\n/)
    expect(message).toMatch(/ {2}content-type: application\/json[^]*\{"name":"ada"\}$/)
    expect(stack?.split('\n    at ')[1]).toContain('client.test.ts')
  })

  it('says what is wrong with a body that is not JSON', async () => {
    await expect(client.get('/broken').json()).rejects.toThrow(/Expected JSON: .*\n\nGET \/broken/)
    await expect(client.get('/stream').json()).rejects.toThrow('Expected JSON, got text/plain.')
  })

  it('gives a streamed body as it comes', async () => {
    const response = await client.stream('GET', '/stream')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('ab')
  })
})

describe('a client of a function', () => {
  it('shows forms and shortens long bodies in its errors', async () => {
    const client = httpClient(async () => new Response('x'.repeat(9_000), { status: 500 }))
    const error: unknown = await client
      .post('/form', { body: new URLSearchParams({ a: '1' }) })
      .expect(200)
      .text()
      .catch((reason: unknown) => reason)
    expect((error as Error).message).toMatch(/POST \/form\n {2}a=1\nanswered 500[^]*x… \(9000 characters\)$/)
  })

  it('passes on an abort', async () => {
    const client = httpClient(async ({ signal }) => {
      signal.throwIfAborted()
      return new Response()
    })
    await expect(client.get('/', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})

describe('a cookie jar', () => {
  it('forgets a cookie that expires, by Max-Age before Expires', () => {
    const jar = new CookieJar()
    jar.store(
      ['a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT', 'b=2; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'c="x=y"', '=no', 'none'],
      0,
    )
    expect(jar.header()).toBe('a=1; b=2; c="x=y"')
    jar.store(['a=; Expires=Thu, 01 Jan 2026 00:00:00 GMT'], Date.parse('2027-01-01'))
    jar.set('d', '4')
    jar.delete('b')
    expect([jar.get('a'), jar.get('d'), jar.header()]).toEqual([undefined, '4', 'c="x=y"; d=4'])
    jar.clear()
    expect(jar.header()).toBeUndefined()
  })
})
