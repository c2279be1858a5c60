import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { action, buildPath, parsePath, Router, router, routes } from '../src/index.ts'
import { paramsOf, patternOf, variantsOf } from '../src/path.ts'
import { locate } from '../src/source-location.ts'
import { appOf, group, refusalOf } from './support.ts'

declare module '../src/index.ts' {
  interface RouteNames {
    'articles.show': '/articles/:slug'
    home: '/'
    nowhere: '/nowhere'
  }
}

const articles = routes({
  name: 'articles',
  prefix: '/articles',
  tags: ['Articles'],
  setup(route) {
    route.get('/:slug', { name: 'articles.show', summary: 'One article', response: { 200: Type.Object({}) } }, () => ({}))
  },
})

describe('the Router service', () => {
  it('lists the routes with what they declare', async () => {
    await using app = await appOf([router(), articles])
    const { routes: list } = app.services.get(Router)
    expect(list.map(({ method, path, derived }) => [method, path, derived])).toEqual([
      ['GET', '/articles/:slug', false],
      ['HEAD', '/articles/:slug', true],
    ])
    expect(list[0]).toMatchObject({
      name: 'articles.show',
      public: false,
      hide: false,
      middleware: [],
      at: expect.stringMatching(/urls\.test\.ts:\d+$/),
    })
    expect(list[0]?.schema).toMatchObject({ summary: 'One article', tags: ['Articles'] })
  })

  it('builds the URLs of named routes', async () => {
    await using app = await appOf([articles, group('home', (route) => route.get('/', { name: 'home' }, () => 1))])
    const { url } = app.services.get(Router)
    expect([url('articles.show', { slug: 'a b/c?' }), url('home')]).toEqual(['/articles/a%20b%2Fc%3F', '/'])
    expect(() => url('nowhere')).toThrow(expect.objectContaining({ code: 'router/unknown-name' }))
    expect(() => url('articles.show')).toThrow(expect.objectContaining({ code: 'router/missing-param' }))
    // @ts-expect-error no route has this name
    expect(() => url('articles.shown')).toThrow()
    // @ts-expect-error the parameter is called slug
    expect(() => url('articles.show', { id: 1 })).toThrow()
  })

  it('refuses one name for two paths', async () => {
    const twice = group('twice', (route) => {
      route.get('/a', { name: 'same' }, () => 1)
      route.get('/b', { name: 'same' }, () => 1)
    })
    expect((await refusalOf(appOf([twice]))).code).toBe('router/duplicate-name')
  })
})

describe('groups and resources', () => {
  it('join prefixes, hooks and tags, the outer ones first', async () => {
    const trace: string[] = []
    const nested = routes({
      name: 'nested',
      prefix: '/api',
      tags: ['api'],
      onRequest: async () => void trace.push('routes'),
      setup(route) {
        route.get('/', () => 'root')
        route.group({ prefix: '/v1', tags: ['v1', 'api'], onRequest: [async () => void trace.push('group')] }, (v1) => {
          v1.get('/', { tags: ['x'], onRequest: async () => void trace.push('route') }, ({ routeOptions }) => ({
            tags: routeOptions.schema?.tags,
          }))
          v1.group({ prefix: '/:id' }, (one) => one.on(['GET', 'POST'])('/', ({ params, method }) => `${method} ${params.id}`))
        })
      },
    })
    await using app = await appOf([nested])
    expect((await app.inject('/api/v1')).json()).toEqual({ tags: ['api', 'v1', 'x'] })
    expect(trace).toEqual(['routes', 'group', 'route'])
    expect((await app.inject('/api')).body).toBe('root')
    expect((await app.inject({ method: 'POST', url: '/api/v1/7' })).body).toBe('POST 7')
    expect((await app.inject('/api/v1/')).json()).toEqual({ tags: ['api', 'v1', 'x'] })
  })

  it('declare what a controller has', async () => {
    const answer = (name: string): ReturnType<typeof action> => action({}, ({ method, params }) => ({ name, method, params }))
    const controller = {
      index: answer('index'),
      create: answer('create'),
      show: answer('show'),
      update: answer('update'),
      destroy: answer('destroy'),
    }
    await using app = await appOf([
      group('resources', (route) => {
        route.resource('/articles', controller, { param: 'slug' })
        route.resource('/tags', { index: answer('tags') })
        route.group({ prefix: '/deep' }, (deep) => deep.resource('/', { show: answer('deep') }))
      }),
    ])
    const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string): Promise<string> =>
      (await app.inject({ method, url })).json().name
    expect(await call('GET', '/articles')).toBe('index')
    expect(await call('POST', '/articles')).toBe('create')
    expect(await call('GET', '/articles/x')).toBe('show')
    expect([await call('PUT', '/articles/x'), await call('PATCH', '/articles/x')]).toEqual(['update', 'update'])
    expect(await call('DELETE', '/articles/x')).toBe('destroy')
    expect(await call('GET', '/deep/5')).toBe('deep')
    expect((await app.inject({ method: 'POST', url: '/tags' })).statusCode).toBe(405)
  })

  it('answer with the one success status a route declares', async () => {
    await using app = await appOf([
      group('statuses', (route) => {
        route.post('/made', { response: { 201: Type.Object({ id: Type.Integer() }), 422: Type.Object({}) } }, () => ({ id: 1 }))
        route.delete('/gone', { response: { 204: Type.Null() } }, async () => {})
        route.delete('/sync', { response: { 204: Type.Null() } }, () => {})
        route.post('/fails', { response: { 201: Type.Object({}) } }, () => {
          throw new Error('boom')
        })
        route.post('/two', { response: { 200: Type.Object({}), 201: Type.Object({}) } }, () => ({}))
      }),
    ])
    const statusOf = async (method: 'POST' | 'DELETE', url: string): Promise<number> => (await app.inject({ method, url })).statusCode
    expect([await statusOf('POST', '/made'), await statusOf('DELETE', '/gone'), await statusOf('DELETE', '/sync')]).toEqual([201, 204, 204])
    expect([await statusOf('POST', '/fails'), await statusOf('POST', '/two')]).toEqual([500, 200])
  })

  it('take hooks and error handlers on their Fastify context only', async () => {
    const own = group('own', (route) => {
      route.app.setErrorHandler((_error, _request, reply) => void reply.code(599).send('own'))
      route.get('/own', () => {
        throw new Error('boom')
      })
    })
    const other = group('other', (route) =>
      route.get('/other', () => {
        throw new Error('boom')
      }),
    )
    await using app = await appOf([own, other])
    expect([(await app.inject('/own')).statusCode, (await app.inject('/other')).statusCode]).toEqual([599, 500])
  })
})

describe('paths', () => {
  it.each([
    ['/a/:b/c', '/a/:/c', ['b']],
    ['/a/:b(^\\d{2}(x|y)$)/c', '/a/:()/c', ['b']],
    ['/:a-:b.json', '/:()-().json', ['a', 'b']],
    ['/user-:id', '/user-:', ['id']],
    ['/at/12::30/:zone', '/at/12::30/:', ['zone']],
    ['/:h(^\\d{2}$)h:m', '/:()h()', ['h', 'm']],
    ['/x/:a::b', '/x/:', ['a::b']],
    ['/f/*', '/f/*', ['*']],
    ['/esc/:a(^\\)$)', '/esc/:()', ['a']],
    ['/open/:a(^x', '/open/:()', ['a']],
  ])('%s is read as find-my-way reads it', (path, pattern, names) => {
    const tokens = parsePath(path)
    expect([patternOf(tokens), paramsOf(tokens).map(({ name }) => name)]).toEqual([pattern, names])
  })

  it('with an optional parameter are two', () => {
    const patterns = (path: string): string[] => variantsOf(parsePath(path)).map(patternOf)
    expect(patterns('/posts/:page?')).toEqual(['/posts/:', '/posts'])
    expect(patterns('/:page?')).toEqual(['/:', '/'])
    expect(patterns('/:a/:b?')).toEqual(['/:/:', '/:'])
    expect(patterns('/x-:page?')).toEqual(['/x-:', '/x-'])
  })

  it('are filled with encoded parameters', () => {
    expect(buildPath('/f/:a-:b/*', { a: 1, b: 'ü', '*': 'x y/z' })).toBe('/f/1-%C3%BC/x%20y/z')
    expect([buildPath('/p/:n?'), buildPath('/p/:n?', { n: 2 }), buildPath('/12::30')]).toEqual(['/p', '/p/2', '/12:30'])
    expect(() => buildPath('/a/:b', { b: '' })).toThrow(expect.objectContaining({ code: 'router/missing-param' }))
  })
})

it('finds where a route is declared below frames of the engine', () => {
  const stack = [
    'Error: location',
    '    at route (/app/node_modules/fastify/lib/route.js:1:2)',
    '    at Boot (/app/node_modules/.pnpm/avvio@9/node_modules/avvio/boot.js:1:2)',
    '    at native',
    '    at setup (file:///app/src/routes.ts:12:7)',
  ].join('\n')
  expect([locate(stack, '/app'), locate(stack, '/elsewhere'), locate('Error', '/app')]).toEqual([
    'src/routes.ts:12',
    '/app/src/routes.ts:12',
    'unknown place',
  ])
  expect(locate('Error\n    at C:\\app\\routes.ts:3:1', '/app')).toContain('routes.ts:3')
})
