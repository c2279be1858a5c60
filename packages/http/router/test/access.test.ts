import { createApp, plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import Type from 'typebox'
import { action, middleware, RouteGuard, router, routes } from '../src/index.ts'
import { appOf, group, refusalOf, standInGuard } from './support.ts'

describe('HTTP-17: once RouteGuard is filled, every route declares its access', () => {
  it('HTTP-17: refuses a typed route with neither auth nor public, naming route, file and line', async () => {
    const open = group('open', (route) => route.get('/forgotten', () => 'handled'))
    const refusal = await refusalOf(appOf([standInGuard(), open]))
    expect(refusal.code).toBe('router/undeclared-access')
    expect(refusal.message).toMatch(/GET \/forgotten \(.*access\.test\.ts:\d+\)/)
  })

  it('HTTP-17: refuses a plain Fastify route too, in contexts below as well', async () => {
    const plain = plugin({
      name: 'plain',
      setup(app) {
        app.register(async (child) => {
          child.get('/deep', async () => 'handled')
        })
      },
    })
    const refusal = await refusalOf(appOf([plain, router(), standInGuard()]))
    expect(refusal.code).toBe('router/undeclared-access')
    expect(refusal.message).toMatch(/GET \/deep \(.*access\.test\.ts:\d+\)/)
  })

  it('HTTP-17: refuses a plain route where nothing but the guard has brought a router', async () => {
    const late = async (): Promise<FastifyInstance> => {
      const app = await createApp({ plugins: [standInGuard()] })
      app.get('/forgotten', async () => 'handled')
      await app.ready()
      return app
    }
    const refusal = await refusalOf(late())
    expect(refusal.code).toBe('router/undeclared-access')
    const overridden = createApp({ plugins: [], override: [[RouteGuard, { guard: () => () => undefined }]] })
    const app = await overridden
    app.get('/forgotten', async () => 'handled')
    await expect(app.ready()).rejects.toMatchObject({ code: 'router/undeclared-access' })
  })

  it('HTTP-17: refuses in plain Fastify', async () => {
    const app = Fastify()
    await app.register(router())
    await app.register(standInGuard())
    app.get('/forgotten', async () => 'handled')
    await expect(app.ready()).rejects.toMatchObject({ code: 'router/undeclared-access' })
  })

  it('HTTP-17: refuses when routes were declared before the router could see them', async () => {
    const app = Fastify()
    app.get('/early', async () => 'handled')
    await app.register(router())
    await app.register(standInGuard())
    await expect(app.ready()).rejects.toMatchObject({ code: 'router/late-router' })
  })

  it('refuses a router registered after routes made one', async () => {
    const app = Fastify()
    await app.register(group('first', (route) => route.get('/', () => 1)))
    await expect(app.register(router())).rejects.toMatchObject({ code: 'router/late-router' })
  })

  it('starts when every route says auth or public, by option or in config', async () => {
    const plain = plugin({
      name: 'plain',
      setup(app) {
        app.get('/a', { public: true }, async () => 'a')
        app.get('/b', { config: { public: true } }, async () => 'b')
        app.get('/c', { config: { auth: 'ada' } }, async ({ routeOptions }) => ({
          auth: routeOptions.config.auth,
          public: routeOptions.config.public,
        }))
      },
    })
    await using app = await appOf([router(), standInGuard(), plain])
    expect((await app.inject('/a')).body).toBe('a')
    expect((await app.inject('/b')).body).toBe('b')
    expect((await app.inject('/c')).statusCode).toBe(401)
    expect((await app.inject({ url: '/c', headers: { 'x-user': 'ada' } })).json()).toEqual({ auth: 'ada', public: false })
  })

  it('leaves routes with neither open when nobody fills RouteGuard', async () => {
    await using app = await appOf([group('open', (route) => route.get('/', () => 'handled'))])
    expect((await app.inject('/')).body).toBe('handled')
  })
})

describe('a declaration of access', () => {
  it('is refused without anybody to enforce it', async () => {
    const lone = group('lone', (route) => route.get('/', { auth: true }, () => 'handled'))
    expect(await refusalOf(appOf([lone]))).toMatchObject({
      code: 'router/unguarded-route',
      message: expect.stringContaining('access.test.ts'),
    })
  })

  it('is refused when it says both', async () => {
    const both = group('both', (route) => route.get('/', { auth: true, public: true }, () => 'handled'))
    expect(await refusalOf(appOf([both, standInGuard()]))).toMatchObject({ code: 'router/contradicting-access' })
  })

  it('is handed down by groups and replaced by the innermost', async () => {
    const nested = routes({
      name: 'nested',
      auth: 'ada',
      setup(route) {
        route.get('/private', () => 'handled')
        route.get('/open', { public: true }, () => 'handled')
        route.group({ prefix: '/bob', auth: 'bob' }, (inner) => inner.get('/', () => 'handled'))
        route.group({ prefix: '/lobby', public: true }, (inner) => {
          inner.get('/', () => 'handled')
          inner.get('/safe', { auth: 'carol' }, () => 'handled')
        })
      },
    })
    await using app = await appOf([nested, standInGuard()])
    const statusOf = async (url: string, user?: string): Promise<number> =>
      (await app.inject({ url, headers: user === undefined ? {} : { 'x-user': user } })).statusCode
    expect([await statusOf('/private'), await statusOf('/private', 'ada'), await statusOf('/open')]).toEqual([401, 200, 200])
    expect([await statusOf('/bob', 'ada'), await statusOf('/bob', 'bob')]).toEqual([401, 200])
    expect([await statusOf('/lobby'), await statusOf('/lobby/safe'), await statusOf('/lobby/safe', 'carol')]).toEqual([200, 401, 200])
  })
})

describe('plain routes in the context of a group', () => {
  it('take the access and the middleware of the group, unless they say it themselves', async () => {
    const trace: string[] = []
    const foreign = async (app: FastifyInstance): Promise<void> => {
      app.get('/foreign', async () => 'foreign')
      app.get('/free', { public: true }, async () => 'free')
    }
    const wrapped = routes({
      name: 'wrapped',
      prefix: '/w',
      auth: 'ada',
      use: [middleware({ name: 'seen', before: ({ url }) => void trace.push(url) })],
      setup: (route) => void route.app.register(foreign),
    })
    await using app = await appOf([standInGuard(), wrapped])
    expect((await app.inject('/w/foreign')).statusCode).toBe(401)
    expect((await app.inject({ url: '/w/foreign', headers: { 'x-user': 'ada' } })).body).toBe('foreign')
    expect((await app.inject('/w/free')).body).toBe('free')
    expect(trace).toEqual(['/w/foreign', '/w/free'])
  })
})

describe('HTTP-11: the guard runs exactly when the handler would', () => {
  const paths = [
    '/admin',
    '/%61dmin',
    '//admin',
    '/admin/',
    '/admin%2f',
    '/ADMIN',
    '/%E0%A4%A',
    '/admin?x=/../',
    '/./admin',
    '/admin;x=1',
    '/admin%00',
    '/adm%69n#x',
  ]
  const engines = [{}, { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true }, { useSemicolonDelimiter: true }]

  it.each(engines)('HTTP-11: for every spelling of a path, with %p', async (routerOptions) => {
    const guarded: string[] = []
    const handled: string[] = []
    const admin = group('admin', (route) => {
      route.get('/admin', { auth: true }, ({ url }) => {
        handled.push(url)
        return 'handled'
      })
    })
    await using app = await createApp({ mode: 'test', plugins: [admin, standInGuard(guarded)], routerOptions })
    guarded.length = 0
    for (const url of paths) {
      const before = guarded.length
      const anonymous = await app.inject(url)
      expect(handled).toEqual([])
      const ran = guarded.length > before
      expect(anonymous.statusCode === 401).toBe(ran)
      const known = await app.inject({ url, headers: { 'x-user': 'ada' } })
      expect(handled.length === 1).toBe(ran)
      expect(known.statusCode === 200).toBe(ran)
      handled.length = 0
    }
    expect(guarded.length).toBeGreaterThan(3)
  })

  it('guards the HEAD route of a GET like it', async () => {
    const calls: string[] = []
    await using app = await appOf([standInGuard(calls), group('g', (route) => route.get('/admin', { auth: true }, () => 'handled'))])
    expect((await app.inject({ method: 'HEAD', url: '/admin' })).statusCode).toBe(401)
    expect((await app.inject({ method: 'HEAD', url: '/admin', headers: { 'x-user': 'a' } })).statusCode).toBe(200)
    expect(calls).toEqual(['HEAD /admin', 'HEAD /admin'])
  })

  it('guards both spellings of a prefix', async () => {
    const both = routes({
      name: 'both',
      prefix: '/admin',
      setup: (route) => route.get('/', { auth: true, name: 'admin' }, () => 'handled'),
    })
    await using app = await appOf([standInGuard(), both])
    expect([(await app.inject('/admin')).statusCode, (await app.inject('/admin/')).statusCode]).toEqual([401, 401])
  })

  it('guards every method of a plain route with several, each by its own guard', async () => {
    const calls: string[] = []
    const several = plugin({
      name: 'several',
      setup: (app) => void app.route({ method: ['PUT', 'PATCH'], url: '/x', config: { auth: true }, handler: async () => 'handled' }),
    })
    await using app = await appOf([router(), standInGuard(calls), several])
    expect((await app.inject({ method: 'PATCH', url: '/x' })).statusCode).toBe(401)
    expect((await app.inject({ method: 'PUT', url: '/x', headers: { 'x-user': 'a' } })).body).toBe('handled')
    expect(calls).toEqual(['PATCH /x', 'PUT /x'])
  })

  it('runs after the hooks of the context and before the body is read', async () => {
    const trace: string[] = []
    const guard = plugin({
      name: 'guard',
      provides: { guard: RouteGuard },
      setup(app) {
        app.addHook('onRequest', async () => void trace.push('onRequest'))
        app.addHook('preParsing', async () => void trace.push('preParsing'))
        return {
          guard: {
            guard: () => () => {
              trace.push('guard')
              throw Object.assign(new Error('no'), { statusCode: 401 })
            },
          },
        }
      },
    })
    const post = action(
      { auth: true, body: Type.Object({ a: Type.String() }), onRequest: async () => void trace.push('own') },
      () => 'handled',
    )
    await using app = await appOf([guard, group('g', (route) => route.post('/', post))])
    expect((await app.inject({ method: 'POST', url: '/', payload: { a: 5 } })).statusCode).toBe(401)
    expect(trace).toEqual(['onRequest', 'guard'])
  })

  it('uses the guard of the context a route is in', async () => {
    const app = Fastify()
    await app.register(router())
    await app.register(async (child) => {
      await child.register(standInGuard())
      child.get('/inside', { auth: 'ada' }, async () => 'handled')
    })
    app.get('/outside', async () => 'handled')
    expect((await app.inject('/inside')).statusCode).toBe(401)
    expect((await app.inject('/outside')).statusCode).toBe(200)
    await app.close()
  })
})
