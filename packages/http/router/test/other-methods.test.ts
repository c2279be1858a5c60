import { problems } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import Type from 'typebox'
import { router, routes } from '../src/index.ts'
import { appOf, group, standInGuard } from './support.ts'

const articles = routes({
  name: 'articles',
  prefix: '/articles',
  setup(route) {
    route.get('/', { public: true }, () => [])
    route.post('/', { auth: true, body: Type.Object({}) }, () => ({}))
    route.get('/feed', { public: true }, () => [])
    route.get('/:slug', { public: true }, () => ({}))
    route.put('/:slug', { auth: true }, () => ({}))
    route.delete('/gone', { public: true }, (_request, reply) => reply.callNotFound())
  },
})

describe('a known path with another method', () => {
  it.each([
    ['DELETE', '/articles', 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/articles?x=1', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/articles/some-slug', 'GET, HEAD, PUT, OPTIONS'],
    ['DELETE', '/articles/%61', 'GET, HEAD, PUT, OPTIONS'],
    ['PATCH', '/articles/feed', 'GET, HEAD, PUT, OPTIONS'],
  ] as const)('%s %s answers 405 with Allow', async (method, url, allow) => {
    await using app = await appOf([articles, standInGuard()])
    const response = await app.inject({ method, url })
    expect([response.statusCode, response.headers.allow]).toEqual([405, allow])
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ status: 405, code: 'http/method-not-allowed' })
  })

  it('answers 405 before it reads a body', async () => {
    await using app = await appOf([articles, standInGuard()])
    const response = await app.inject({ method: 'PUT', url: '/articles', headers: { 'content-type': 'application/json' }, payload: '{bad' })
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  })

  it('answers HEAD with 405 where there is no GET', async () => {
    await using app = await appOf([group('post', (route) => route.post('/only', () => 1))])
    const response = await app.inject({ method: 'HEAD', url: '/only' })
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST, OPTIONS'])
  })

  it('answers OPTIONS with 204 and Allow, unless a route does', async () => {
    const own = group('own', (route) => {
      route.options('/own', () => ({ own: true }))
      route.get('/own', () => 1)
    })
    await using app = await appOf([articles, standInGuard()])
    const response = await app.inject({ method: 'OPTIONS', url: '/articles/x' })
    expect([response.statusCode, response.headers.allow, response.body]).toEqual([204, 'GET, HEAD, PUT, OPTIONS', ''])
    await using other = await appOf([own])
    expect((await other.inject({ method: 'OPTIONS', url: '/own' })).json()).toEqual({ own: true })
  })

  it('tells of a guarded route its method and nothing else', async () => {
    const calls: string[] = []
    await using app = await appOf([articles, standInGuard(calls)])
    const response = await app.inject({ method: 'DELETE', url: '/articles/secret' })
    expect(calls).toEqual([])
    expect(Object.keys(response.json()).toSorted()).toEqual(['code', 'detail', 'instance', 'status', 'title', 'type'])
  })

  it('respects constraints', async () => {
    await using app = await appOf([
      group('hosts', (route) => {
        route.post('/h', { constraints: { host: 'one.example' } }, () => 1)
        route.put('/h', { constraints: { host: 'two.example' } }, () => 1)
      }),
    ])
    expect((await app.inject({ url: '/h', headers: { host: 'two.example' } })).headers.allow).toBe('PUT, OPTIONS')
    expect((await app.inject({ url: '/h', headers: { host: 'six.example' } })).statusCode).toBe(404)
    expect((await app.inject({ url: '/h', headers: { host: 'one.example', 'accept-version': '1.x' } })).statusCode).toBe(405)
    await using versions = await appOf([group('versions', (route) => route.post('/v', { constraints: { version: '1.2.0' } }, () => 1))])
    expect((await versions.inject({ url: '/v', headers: { 'accept-version': '1.x' } })).statusCode).toBe(405)
    expect((await versions.inject({ url: '/v', headers: { 'accept-version': '2.x' } })).statusCode).toBe(404)
  })
})

describe('an unknown path', () => {
  it.each(['GET', 'POST', 'OPTIONS', 'HEAD'] as const)('answers %s with 404', async (method) => {
    await using app = await appOf([articles, standInGuard()])
    const response = await app.inject({ method, url: '/nothing/here' })
    expect(response.statusCode).toBe(404)
    if (method !== 'HEAD') expect(response.json().code).toBe('http/not-found')
  })

  it('stays 404 when a handler says so, 400 when the path cannot be decoded', async () => {
    await using app = await appOf([articles, standInGuard()])
    expect((await app.inject({ method: 'DELETE', url: '/articles/gone' })).statusCode).toBe(404)
    expect((await app.inject({ method: 'PATCH', url: '/articles/%E0%A4%A' })).statusCode).toBe(400)
  })
})

describe('in plain Fastify', () => {
  it('answers 405 and keeps 404', async () => {
    await using app = Fastify()
    await app.register(router())
    app.get('/a', async () => 1)
    const response = await app.inject({ method: 'POST', url: '/a' })
    expect([response.statusCode, response.headers.allow, response.json().code]).toEqual([
      405,
      'GET, HEAD, OPTIONS',
      'http/method-not-allowed',
    ])
    expect((await app.inject('/b')).statusCode).toBe(404)
  })

  it('answers problem documents with problems()', async () => {
    await using app = Fastify()
    await app.register(problems())
    await app.register(group('a', (route) => route.get('/a', () => 1)))
    const response = await app.inject({ method: 'POST', url: '/a' })
    expect(response.json()).toMatchObject({ status: 405, code: 'http/method-not-allowed' })
  })

  it('leaves the matter to the engine when turned off', async () => {
    await using app = await appOf([router({ methodNotAllowed: false }), group('a', (route) => route.get('/a', () => 1))])
    expect((await app.inject({ method: 'POST', url: '/a' })).statusCode).toBe(404)
  })
})

describe('a path parameter that is too long', () => {
  it('answers 414, as a problem in createApp', async () => {
    await using app = await appOf([group('a', (route) => route.get('/a/:id', () => 1))])
    const response = await app.inject(`/a/${'x'.repeat(101)}`)
    expect([response.statusCode, response.json().code]).toEqual([414, 'http/parameter-too-long'])
    expect((await app.inject(`/a/${'x'.repeat(100)}`)).statusCode).toBe(200)
  })

  it("answers 414 with Fastify's code in plain Fastify", async () => {
    await using app = Fastify({ routerOptions: { maxParamLength: 10 } })
    await app.register(group('a', (route) => route.get('/a/:id', () => 1)))
    const response = await app.inject(`/a/${'x'.repeat(11)}`)
    expect([response.statusCode, response.json().code]).toEqual([414, 'FST_ERR_MAX_PARAM_LENGTH'])
  })
})
