import { describe, expect, it, jest } from '@jest/globals'
import fastify from 'fastify'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, CovetError, ErrorMappers, problems, type Mode } from '../src/index.ts'
import { createSink } from './support/sink.ts'

const leak = 'db password=hunter2 at /srv/x.ts'

describe('problem documents', () => {
  it('carry type, title, status, detail, instance and the permanent code', async () => {
    const app = await createApp()
    app.get('/', async () => {
      throw new CovetError('shop/sold-out', 'The last one was sold.', {
        statusCode: 409,
        headers: { 'retry-after': '60' },
        extensions: { left: 0 },
      })
    })
    const response = await app.inject('/')
    expect(response.statusCode).toBe(409)
    expect(response.headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '60' })
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'The last one was sold.',
      instance: expect.any(String),
      code: 'shop/sold-out',
      left: 0,
    })
    await app.close()
  })

  it("answer a second copy's errors as their own", async () => {
    jest.resetModules()
    const copy = await import('../src/index.ts')
    expect(copy.CovetError).not.toBe(CovetError)
    const app = await createApp()
    app.get('/', async () => {
      throw new copy.CovetError('shop/sold-out', 'Sold.', { statusCode: 409 })
    })
    expect((await app.inject('/')).json()).toMatchObject({ code: 'shop/sold-out', status: 409, detail: 'Sold.' })
    await app.close()
  })

  it('answer an unknown path', async () => {
    const app = await createApp()
    const response = await app.inject('/nothing')
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ code: 'http/not-found', status: 404 })
    await app.close()
  })

  it('list every issue of a refused request, each readable and with its place', async () => {
    const app = await createApp()
    const body = {
      type: 'object',
      required: ['name', 'kind'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 3, maxLength: 5 },
        age: { type: 'integer', minimum: 18, maximum: 99 },
        even: { type: 'integer', multipleOf: 2 },
        kind: { enum: ['a', 'b'] },
        one: { const: 1 },
        tags: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: { type: 'string', minLength: 1 } },
        mail: { type: 'string', format: 'email' },
        code: { type: 'string', pattern: '^[A-Z]+$' },
        either: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        size: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 10 },
        map: { type: 'object', minProperties: 1, maxProperties: 2 },
        other: { not: {} },
      },
    }
    app.post('/', { schema: { body } }, async () => 'reached')
    const issues = async (payload: object): Promise<Record<string, string>> => {
      const { errors } = (await app.inject({ method: 'POST', url: '/', payload })).json() as {
        errors: { in: string; path: string; message: string }[]
      }
      expect(errors.every((issue) => issue.in === 'body')).toBe(true)
      return Object.fromEntries(errors.map(({ path, message }) => [path, message]))
    }
    expect(
      await issues({
        name: 'ab',
        age: 17,
        kind: 'c',
        one: 2,
        tags: [],
        mail: 'x',
        code: 'x',
        either: 1,
        size: 0,
        map: {},
        'a/b~': 1,
        other: 1,
      }),
    ).toEqual({
      '/a~1b~0': 'is not a known member',
      '/age': 'must be at least 18',
      '/code': 'has the wrong form',
      '/either': 'must be null',
      '/kind': 'must be one of "a", "b"',
      '/mail': 'must be a valid email',
      '/map': 'must have at least 1 member',
      '/name': 'must be at least 3 characters long',
      '/one': 'must be 1',
      '/other': 'must NOT be valid',
      '/size': 'must be greater than 0',
      '/tags': 'must have at least 1 item',
    })
    expect(await issues({ name: 'abcdef', age: 101, even: 3, tags: ['', 'a', 'a'], size: 10, map: { a: 1, b: 2, c: 3 } })).toEqual({
      '/age': 'must be at most 99',
      '/even': 'must be a multiple of 2',
      '/kind': 'is required',
      '/map': 'must have at most 2 members',
      '/name': 'must be at most 5 characters long',
      '/size': 'must be less than 10',
      '/tags': 'must not have the same item twice',
      '/tags/0': 'must not be empty',
    })
    await app.close()
  })

  it('tell the first issue of a large value, and say how many there are of a small one', async () => {
    const app = await createApp()
    app.post('/', { schema: { body: { type: 'array', items: { type: 'string' } } } }, async () => 'reached')
    const post = async (payload: unknown[]) =>
      (await app.inject({ method: 'POST', url: '/', payload })).json() as { detail: string; errors: unknown[] }
    expect((await post(Array.from({ length: 1_100 }, (_, at) => at))).errors).toHaveLength(1)
    const small = await post(Array.from({ length: 60 }, (_, at) => at))
    const patterns = await createApp()
    const slow = { type: 'object', required: ['b'], properties: { a: { type: 'string', maxLength: 10, pattern: '^x?\\s*\\s+$' } } }
    patterns.post('/', { schema: { body: slow } }, async () => 'reached')
    const refused = (await patterns.inject({ method: 'POST', url: '/', payload: { a: ' '.repeat(100_000) + 'x' } })).json() as {
      errors: unknown[]
    }
    expect(refused.errors).toHaveLength(1)
    await patterns.close()
    expect(small.errors).toHaveLength(50)
    expect(small.detail).toBe('body/0 must be a string (and 49 more).')
    await app.close()
  })

  it.each([
    ['a code and status of its own', Object.assign(new Error('secret'), { statusCode: 402 }), 402, 'Payment Required'],
    ['a message it exposes', Object.assign(new Error('Pay first.'), { statusCode: 402, expose: true }), 402, 'Pay first.'],
    ['a server status', Object.assign(new Error('secret'), { statusCode: 502 }), 500, 'The server could not answer this request.'],
    ['no error at all', 'just text', 500, 'The server could not answer this request.'],
  ])('answer a foreign error with %s', async (_name, error, status, detail) => {
    const app = await createApp()
    app.get('/', async () => {
      throw error
    })
    const response = await app.inject('/')
    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject({ detail })
    expect(response.body).not.toContain('secret')
    await app.close()
  })
})

describe('HTTP-10 what an error nobody planned says', () => {
  const modes: Mode[] = ['production', 'test']

  it.each(modes)('HTTP-10 nothing, to the client, in %s; and to the log without the secret', async (mode) => {
    const sink = createSink()
    const app = await createApp({ mode, logger: { sink }, signals: false })
    app.get('/', async () => {
      throw new Error(leak)
    })
    const response = await app.inject({ url: '/', headers: { accept: 'text/html' } })
    expect(response.statusCode).toBe(500)
    const everything = response.body + JSON.stringify(response.headers)
    expect(everything).not.toMatch(/hunter2|srv|x\.ts|db password/)
    expect(sink.text).toContain('db password=[redacted]')
    expect(sink.text).not.toContain('hunter2')
    await app.close()
  })

  it('HTTP-10 nothing, when the response does not fit its schema', async () => {
    const app = await createApp()
    app.get(
      '/',
      { schema: { response: { 200: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } } },
      async () => ({ hidden: 'hunter2' }),
    )
    const response = await app.inject('/')
    expect(response.statusCode).toBe(500)
    expect(response.json()).toMatchObject({ code: 'http/internal-error' })
    expect(response.body).not.toMatch(/hunter2|required/)
    await app.close()
  })

  it('HTTP-10 nothing, when an error handler or a mapper fails itself', async () => {
    const app = await createApp()
    await app.register(async (child) => {
      child.setErrorHandler(() => {
        throw new Error(`handler: ${leak}`)
      })
      child.get('/handler', async () => {
        throw new Error('first')
      })
    })
    await app.register(async (child) => {
      child.services.add(ErrorMappers, () => {
        throw new Error(`mapper: ${leak}`)
      })
      child.get('/mapper', async () => {
        throw new Error('first')
      })
    })
    for (const path of ['/handler', '/mapper']) {
      const response = await app.inject(path)
      expect(response.statusCode).toBe(500)
      expect(response.json()).toMatchObject({ code: 'http/internal-error' })
      expect(response.body).not.toContain('hunter2')
    }
    await app.close()
  })

  it.each(['/success', '/error', '/nothing'])('HTTP-10 nothing, when a hook on the answer fails: %s', async (path) => {
    const sink = createSink()
    const app = await createApp({ logger: { sink } })
    app.addHook('onSend', async () => {
      throw new Error(leak)
    })
    app.get('/success', async () => 'ok')
    app.get('/error', async () => {
      throw new Error('first')
    })
    const response = await app.inject(path)
    expect(response.statusCode).toBe(500)
    expect(response.headers['content-type']).toBe('application/problem+json')
    expect(response.json()).toMatchObject({ code: 'http/internal-error' })
    expect(response.body).not.toContain('hunter2')
    expect(sink.text).toContain('a hook failed on an error answer')
    await app.close()
  })

  it('HTTP-10 nothing, when the error cannot even be looked at', async () => {
    const app = await createApp()
    app.get('/', async () => {
      throw Object.defineProperty({}, 'statusCode', {
        get() {
          throw new Error(leak)
        },
      })
    })
    const response = await app.inject('/')
    expect(response.json()).toMatchObject({ code: 'http/internal-error' })
    expect(response.body).not.toContain('hunter2')
    await app.close()
  })

  it('logs no error for a client that left while its handler waited', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink } })
    const reason = new CovetError('http/client-disconnected', 'Gone.', { statusCode: 499 })
    app.get('/', async () => {
      throw Object.assign(new Error('The operation was aborted', { cause: reason }), { name: 'AbortError' })
    })
    expect((await app.inject('/')).statusCode).toBe(499)
    expect(sink.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
    await app.close()
  })

  it('masks secrets in a URL and in headers of the log', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink, redact: ['iban'] } })
    app.log.info(
      { authorization: 'Bearer abc', user: { password: 'p' }, iban: 'DE00', err: new Error('postgres://ada:lovelace@db/x?token=abc') },
      'hello',
    )
    expect(sink.text).not.toMatch(/lovelace|Bearer abc|"p"|DE00|token=abc/)
    expect(sink.lines[0]).toMatchObject({ msg: 'hello', authorization: '[redacted]', user: { password: '[redacted]' } })
    await app.close()
  })
})

describe('error mappers', () => {
  const own = { statusCode: 422, body: { errors: { body: ["can't be blank"] } }, headers: { 'x-shape': 'own' } }

  it('give a context its own shape, the innermost first, and leave the rest alone', async () => {
    const app = await createApp()
    const failing = async () => {
      throw new CovetError('shop/no', 'No.', { statusCode: 400 })
    }
    app.get('/outer', failing)
    await app.register(async (child) => {
      child.services.add(ErrorMappers, () => ({ statusCode: 400, body: 'outer', contentType: 'text/plain' }))
      child.get('/middle', failing)
      await child.register(async (grandchild) => {
        grandchild.services.add(ErrorMappers, (error) => ((error as CovetError).code === 'shop/no' ? own : undefined))
        grandchild.get('/inner', failing)
      })
    })
    expect((await app.inject('/outer')).json()).toMatchObject({ code: 'shop/no' })
    expect((await app.inject('/middle')).headers['content-type']).toMatch(/^text\/plain/)
    const inner = await app.inject('/inner')
    expect(inner.statusCode).toBe(422)
    expect(inner.headers['x-shape']).toBe('own')
    expect(inner.json()).toEqual(own.body)
    await app.close()
  })
})

describe('the error page', () => {
  it('shows a developer the source, the request and the services, without its secrets', async () => {
    // Put together here, because the page shows the lines around the throw.
    const [password, bearer, cookie] = ['hunter', 'Bearer ab', 'sid='].map((start) => `${start}2`)
    const app = await createApp({ mode: 'development', logger: false, signals: false })
    app.get('/page', async () => {
      throw new TypeError(`<b>broken</b> password=${password}`)
    })
    const response = await app.inject({ url: '/page', headers: { accept: 'text/html', authorization: bearer ?? '', cookie: cookie ?? '' } })
    expect(response.statusCode).toBe(500)
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(response.body).toContain('TypeError: &lt;b&gt;broken&lt;/b&gt; password=[redacted]')
    expect(response.body).toContain('problems.test.ts')
    expect(response.body).toContain('<mark>')
    expect(response.body).toContain('lifecycle')
    expect(response.body).not.toMatch(/hunter2|Bearer ab2|sid=2/)
    const asJson = await app.inject('/page')
    expect(asJson.headers['content-type']).toBe('application/problem+json')
    await app.close()
  })

  it('shows no file that only the message names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'covet-page-'))
    const file = join(folder, 'private.txt')
    // Put together here, because the page shows the lines around the throw.
    const content = ['not', 'for', 'the', 'page'].join(' ')
    await writeFile(file, content)
    const app = await createApp({ mode: 'development', logger: false, signals: false })
    app.get('/', async (request) => {
      throw new Error(`Nothing is called ${(request.query as { name: string }).name}`)
    })
    const name = encodeURIComponent(`x\n    at f (${file}:1:1)`)
    const { body } = await app.inject({ url: `/?name=${name}`, headers: { accept: 'text/html' } })
    expect(body).toContain('private.txt')
    expect(body).not.toContain(content)
    await app.close()
    await rm(folder, { recursive: true })
  })

  it('is not there in production', async () => {
    const app = await createApp({ mode: 'production', logger: false, signals: false })
    app.get('/', async () => {
      throw new Error('broken')
    })
    const response = await app.inject({ url: '/', headers: { accept: 'text/html' } })
    expect(response.headers['content-type']).toBe('application/problem+json')
    expect(response.body).not.toContain('broken')
    await app.close()
  })
})

describe('plain Fastify', () => {
  it('keeps statusCode and code of a Covet error', async () => {
    const app = fastify()
    app.get('/', async () => {
      throw new CovetError('shop/sold-out', 'Sold.', { statusCode: 409 })
    })
    const response = await app.inject('/')
    expect(response.statusCode).toBe(409)
    expect(response.json()).toMatchObject({ code: 'shop/sold-out', statusCode: 409 })
    await app.close()
  })

  it('answers problem documents with problems()', async () => {
    const app = fastify()
    await app.register(problems())
    app.get('/', async () => {
      throw new Error(leak)
    })
    expect((await app.inject('/')).json()).toMatchObject({ code: 'http/internal-error', status: 500 })
    expect((await app.inject('/x')).headers['content-type']).toBe('application/problem+json')
    await app.close()
  })
})
