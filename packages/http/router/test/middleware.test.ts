import { CovetError } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import Type from 'typebox'
import { action, errors, middleware, type Middleware, router, routes } from '../src/index.ts'
import { appOf, group, refusalOf } from './support.ts'

const tracing = (name: string, trace: string[]): Middleware =>
  middleware({
    name,
    before: () => void trace.push(`${name} before`),
    around: async (_request, _reply, next) => {
      trace.push(`${name} in`)
      const result = await next()
      trace.push(`${name} out`)
      return result
    },
    after: () => void trace.push(`${name} after`),
    onError: (error) => void trace.push(`${name} error ${error.message}`),
  })

describe('order', () => {
  it('runs global, group and route middleware as shells around the handler', async () => {
    const trace: string[] = []
    const plugin = routes({
      name: 'shells',
      use: [tracing('routes', trace)],
      setup(route) {
        route.group({ prefix: '/g', use: [tracing('group', trace)] }, (inner) => {
          inner.get('/', { use: [tracing('route', trace)] }, () => ({ handled: trace.push('handler') }))
          inner.get('/fails', { use: [tracing('route', trace)] }, () => {
            throw new Error('boom')
          })
        })
      },
    })
    await using app = await appOf([router({ use: [tracing('global', trace)] }), plugin])
    const names = ['global', 'routes', 'group', 'route']
    await app.inject('/g')
    expect(trace).toEqual([
      ...names.map((name) => `${name} before`),
      ...names.map((name) => `${name} in`),
      'handler',
      ...names.toReversed().map((name) => `${name} out`),
      ...names.toReversed().map((name) => `${name} after`),
    ])
    trace.length = 0
    expect((await app.inject('/g/fails')).statusCode).toBe(500)
    expect(trace).toEqual([
      ...names.map((name) => `${name} before`),
      ...names.map((name) => `${name} in`),
      ...names.toReversed().map((name) => `${name} error boom`),
    ])
  })

  it('reaches plain Fastify routes with global middleware', async () => {
    const trace: string[] = []
    await using app = Fastify()
    await app.register(router({ use: [tracing('global', trace)] }))
    app.get('/plain', async () => ({ ok: true }))
    expect((await app.inject('/plain')).json()).toEqual({ ok: true })
    expect(trace).toEqual(['global before', 'global in', 'global out', 'global after'])
  })
})

describe('before', () => {
  it('adds typed properties to the request, seen by later stages', async () => {
    const viewer = middleware({
      name: 'viewer',
      adds: ['viewer'],
      before: async ({ headers }) => ({ viewer: headers['x-user'] ?? 'nobody' }),
    })
    const greeting = middleware({ name: 'greeting', adds: ['greeting'], before: () => ({ greeting: 'Hello' }) })
    const plugin = routes({
      name: 'viewers',
      use: [viewer],
      setup(route) {
        route.get('/who', { use: [greeting] }, ({ viewer, greeting }) => ({ text: `${greeting}, ${viewer}` }))
      },
    })
    await using app = await appOf([plugin])
    expect((await app.inject({ url: '/who', headers: { 'x-user': 'Ada' } })).json()).toEqual({ text: 'Hello, Ada' })
    expect((await app.inject('/who')).json()).toEqual({ text: 'Hello, nobody' })
  })

  it.each(['sync', 'async'])('keeps the handler from running when it answers (%s)', async (kind) => {
    let ran = false
    const stop = middleware({
      name: 'stop',
      before:
        kind === 'sync'
          ? (_request, reply) => reply.code(418).send({ stopped: true })
          : async (_request, reply) => reply.code(418).send({ stopped: true }),
    })
    await using app = await appOf([
      group('stopped', (route) => {
        route.app.addHook('onSend', async (_request, _reply, payload) => payload)
        route.get('/', { use: [stop] }, () => {
          ran = true
          return 'handled'
        })
      }),
    ])
    const response = await app.inject('/')
    expect([response.statusCode, response.json(), ran]).toEqual([418, { stopped: true }, false])
  })

  it.each(['sync', 'async'])('keeps the handler from running when it throws (%s)', async (kind) => {
    const refuse = (): never => {
      throw new CovetError('test/refused', 'Not today.', { statusCode: 403 })
    }
    const stop = middleware({ name: 'stop', before: kind === 'sync' ? refuse : async () => refuse() })
    await using app = await appOf([group('thrown', (route) => route.get('/', { use: [stop] }, () => 'handled'))])
    const response = await app.inject('/')
    expect([response.statusCode, response.json()]).toMatchObject([403, { code: 'test/refused' }])
  })

  it('runs after validation', async () => {
    let ran = false
    const watch = middleware({ name: 'watch', before: () => void (ran = true) })
    await using app = await appOf([
      group('validated', (route) => route.post('/', { use: [watch], body: Type.Object({ a: Type.String() }) }, () => 'handled')),
    ])
    expect((await app.inject({ method: 'POST', url: '/', payload: { a: 1 } })).statusCode).toBe(400)
    expect(ran).toBe(false)
  })

  it('answers 500 when something that is not an error is thrown', async () => {
    const odd = middleware({ name: 'odd', before: () => Promise.reject(undefined as unknown as Error) })
    await using app = await appOf([group('odd', (route) => route.get('/', { use: [odd] }, () => 'handled'))])
    expect((await app.inject('/')).statusCode).toBe(500)
  })
})

describe('adds', () => {
  const one = middleware({ name: 'one', adds: ['shared'], before: () => ({ shared: 1 }) })
  const two = middleware({ name: 'two', adds: ['shared'], before: () => ({ shared: 2 }) })
  const body = middleware({ name: 'thief', adds: ['body'], before: () => ({ body: 2 }) })

  it('lets many routes and contexts use one middleware', async () => {
    const first = group('first', (route) => {
      route.get('/a', { use: [one] }, ({ shared }) => ({ shared }))
      route.get('/b', { use: [one] }, ({ shared }) => ({ shared }))
    })
    const second = group('second', (route) => route.get('/c', { use: [two] }, ({ shared }) => ({ shared })))
    await using app = await appOf([first, second])
    expect([(await app.inject('/b')).json(), (await app.inject('/c')).json()]).toEqual([{ shared: 1 }, { shared: 2 }])
  })

  it('refuses two that add one property in one context', async () => {
    const both = group('both', (route) => {
      route.get('/a', { use: [one] }, () => 1)
      route.get('/b', { use: [two] }, () => 1)
    })
    expect(await refusalOf(appOf([both]))).toMatchObject({
      code: 'router/addition-taken',
      message: expect.stringContaining("'two' adds 'shared'"),
    })
  })

  it("refuses one that would replace what is Fastify's", async () => {
    expect(await refusalOf(appOf([router({ use: [body] })]))).toMatchObject({ code: 'router/addition-taken' })
  })
})

describe('around', () => {
  it('may replace the result, and may leave the handler out', async () => {
    const wrap = middleware({ name: 'wrap', around: async (_request, _reply, next) => ({ data: await next() }) })
    const skip = middleware({ name: 'skip', around: () => ({ skipped: true }) })
    await using app = await appOf([
      group('arounds', (route) => {
        route.get('/wrapped', { use: [wrap] }, () => [1, 2])
        route.get('/skipped', { use: [skip] }, () => {
          throw new Error('ran')
        })
      }),
    ])
    expect((await app.inject('/wrapped')).json()).toEqual({ data: [1, 2] })
    expect((await app.inject('/skipped')).json()).toEqual({ skipped: true })
  })

  it('may catch the error of the handler', async () => {
    const rescue = middleware({
      name: 'rescue',
      around: async (_request, _reply, next) => next().catch((error: Error) => ({ rescued: error.message })),
    })
    await using app = await appOf([
      group('rescued', (route) =>
        route.get('/', { use: [rescue] }, () => {
          throw new Error('lost')
        }),
      ),
    ])
    expect((await app.inject('/')).json()).toEqual({ rescued: 'lost' })
  })

  it('waits for a handler that answers through reply', async () => {
    const trace: string[] = []
    const watch = middleware({
      name: 'watch',
      around: async (_request, _reply, next) => {
        const result = await next()
        trace.push('out')
        return result
      },
    })
    await using app = await appOf([
      group('callbacks', (route) =>
        route.get('/', { use: [watch] }, (_request, reply) => {
          setImmediate(() => void reply.send({ late: true }))
        }),
      ),
    ])
    expect((await app.inject('/')).json()).toEqual({ late: true })
    expect(trace).toEqual(['out'])
  })
})

describe('after', () => {
  const header = middleware({ name: 'header', after: async (_request, reply) => void reply.header('x-after', 'yes') })

  it.each([
    ['a returned value', 'returned'],
    ['reply.send', 'sent'],
    ['HEAD', 'returned'],
  ])('sets headers for %s', async (kind, path) => {
    await using app = await appOf([
      group('afters', (route) => {
        route.get('/returned', { use: [header] }, () => ({ ok: true }))
        route.get('/sent', { use: [header] }, (_request, reply) => reply.send({ ok: true }))
      }),
    ])
    const response = await app.inject({ method: kind === 'HEAD' ? 'HEAD' : 'GET', url: `/${path}` })
    expect(response.headers['x-after']).toBe('yes')
  })

  it('does not run for a request that failed, before or in the handler', async () => {
    const refuse = middleware({
      name: 'refuse',
      before: ({ headers }) => {
        if (headers['x-refuse']) throw new CovetError('test/refused', 'No.', { statusCode: 403 })
      },
    })
    await using app = await appOf([
      group('failures', (route) =>
        route.get('/', { use: [header, refuse] }, () => {
          throw new Error('boom')
        }),
      ),
    ])
    expect((await app.inject('/')).headers['x-after']).toBeUndefined()
    expect((await app.inject({ url: '/', headers: { 'x-refuse': '1' } })).headers['x-after']).toBeUndefined()
  })

  it('turns its own failure into an error answer', async () => {
    const broken = middleware({
      name: 'broken',
      after: () => {
        throw new Error('after')
      },
    })
    await using app = await appOf([group('broken', (route) => route.get('/', { use: [broken] }, () => ({ ok: true })))])
    expect((await app.inject('/')).statusCode).toBe(500)
  })
})

describe('onError', () => {
  class TeapotError extends CovetError {
    constructor(cause: Error) {
      super('test/teapot', 'Short and stout.', { statusCode: 418, cause })
    }
  }
  const failing = (): never => {
    throw new Error('boom')
  }

  it('maps an error to another one, which the context still answers', async () => {
    const map = middleware({ name: 'map', onError: async (error) => new TeapotError(error) })
    await using app = await appOf([group('mapped', (route) => route.get('/', { use: [map] }, failing))])
    const response = await app.inject('/')
    expect([response.statusCode, response.json().code]).toEqual([418, 'test/teapot'])
  })

  it.each(['sync', 'async'])('may answer itself (%s)', async (kind) => {
    const answer = middleware({
      name: 'answer',
      onError:
        kind === 'sync'
          ? (error, _request, reply) => reply.code(503).send({ was: error.message })
          : async (error, _request, reply) => reply.code(503).send({ was: error.message }),
    })
    await using app = await appOf([group('answered', (route) => route.get('/', { use: [answer] }, failing))])
    const response = await app.inject('/')
    expect([response.statusCode, response.json()]).toEqual([503, { was: 'boom' }])
  })

  it("hands what is left of the error to the route's own error handler", async () => {
    const map = middleware({ name: 'map', onError: (error) => new TeapotError(error) })
    await using app = await appOf([
      group('own', (route) =>
        route.get('/', { use: [map], errorHandler: (error, _request, reply) => void reply.code(400).send({ own: error.code }) }, failing),
      ),
    ])
    const response = await app.inject('/')
    expect([response.statusCode, response.json()]).toEqual([400, { own: 'test/teapot' }])
  })

  it('sees refusals of the validation', async () => {
    const seen: unknown[] = []
    const watch = middleware({ name: 'watch', onError: (error) => void seen.push(error) })
    await using app = await appOf([
      group('invalid', (route) => route.post('/', { use: [watch], body: Type.Object({ a: Type.String() }) }, () => 'handled')),
    ])
    expect((await app.inject({ method: 'POST', url: '/', payload: {} })).statusCode).toBe(400)
    expect(seen).toHaveLength(1)
  })
})

it('leaves nothing on the request path where nothing is declared', async () => {
  const handler = (): string => 'handled'
  await using app = Fastify()
  const seen: Record<string, unknown>[] = []
  await app.register(router({ methodNotAllowed: false }))
  app.addHook('onRoute', (route) => void seen.push({ ...route }))
  await app.register(group('bare', (route) => route.get('/', handler)))
  await app.ready()
  expect(seen[0]?.['handler']).toBe(handler)
  expect(Object.keys(seen[0] ?? {}).filter((key) => /^(on|pre)[A-Z]|errorHandler/.test(key) && key !== 'prefix')).toEqual([])
})

it('takes the actions of a controller', async () => {
  class Articles {
    readonly #titles = new Map([['one', 'One']])
    readonly show = action(
      { params: Type.Object({ slug: Type.String() }), response: { 200: Type.Object({ title: Type.String() }) } },
      ({ params }) => ({ title: this.#titles.get(params.slug) ?? 'unknown' }),
    )
  }
  await using app = await appOf([group('controller', (route) => route.get('/articles/:slug', new Articles().show))])
  expect((await app.inject('/articles/one')).json()).toEqual({ title: 'One' })
})

it('names its errors in one place', () => {
  expect(errors.RedosError.name).toBe('RedosError')
})
