import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { router } from '../src/index.ts'
import { appOf, group, refusalOf } from './support.ts'
import type { ServerOptions } from '@covet/core'

const boot = async (paths: readonly string[], options: ServerOptions = {}): Promise<{ code: string; message: string }> =>
  refusalOf(
    appOf(
      [
        group('paths', (route) => {
          for (const path of paths) route.get(path, () => path)
        }),
      ],
      options,
    ),
  )

describe('a route that repeats another', () => {
  it.each([
    ['/users/:id', '/users/:name'],
    ['/users/:id/posts/:post', '/users/:user/posts/:id'],
    ['/a', '/a'],
    ['/*', '*'],
    ['/flights/:a-:b', '/flights/:from-:to'],
    ['/x/:id(^\\d+$)', '/x/:n(^[a-z]+$)'],
    ['/posts/:page?', '/posts'],
  ])('%s and %s: refused, both named with file and line', async (first, second) => {
    const { code, message } = await boot([first, second])
    expect(code).toBe('router/duplicate-route')
    expect(message).toContain(`GET ${first} (`)
    expect(message).toContain(`GET ${second} (`)
    expect(message.match(/conflicts\.test\.ts:\d+/g)).toHaveLength(2)
  })

  it('is refused as the engine compares paths', async () => {
    const loose = { routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true } }
    expect((await boot(['/a', '/A'], loose)).code).toBe('router/duplicate-route')
    expect((await boot(['/a', '/a/'], loose)).code).toBe('router/duplicate-route')
    expect((await boot(['/a/b', '/a//b'], loose)).code).toBe('router/duplicate-route')
    expect((await boot(['/a', '/A', '/a/', '/a//b', '/a/b'])).code).toBe('started')
  })

  it('is refused across a plain Fastify route and a plugin', async () => {
    const app = Fastify()
    await app.register(router())
    app.get('/users/:id', async () => 1)
    await expect(app.register(group('typed', (route) => route.get('/users/:name', () => 2)))).rejects.toMatchObject({
      code: 'router/duplicate-route',
    })
  })

  it('is refused when it repeats the HEAD route of a GET', async () => {
    const heads = group('heads', (route) => {
      route.get('/a', () => 1)
      route.head('/a', () => 2)
    })
    expect((await refusalOf(appOf([heads]))).code).toBe('router/duplicate-route')
    const own = group('own', (route) => {
      route.head('/a', () => 2)
      route.get('/a', () => 1)
    })
    expect((await refusalOf(appOf([own]))).code).toBe('started')
  })

  it('is told apart by method and constraint', async () => {
    const apart = group('apart', (route) => {
      route.get('/a/:id', () => 1)
      route.post('/a/:name', () => 2)
      route.get('/a/:id', { constraints: { host: 'one.example' } }, () => 3)
      route.get('/a/:id', { constraints: { host: 'two.example' } }, () => 4)
    })
    await using app = await appOf([apart])
    expect((await app.inject({ url: '/a/1', headers: { host: 'two.example' } })).body).toBe('4')
  })
})

describe('a route that another one shadows', () => {
  it.each([
    [['/users/:any(.*)', '/users/:id'], '/users/:id'],
    [['/users/:id', '/users/:any(^.+$)'], '/users/:id'],
    [['/u/:a/x/:any([^/]+)', '/u/:a/x/:b'], '/u/:a/x/:b'],
  ])('%p: refused', async (paths, lost) => {
    const { code, message } = await boot(paths)
    expect(code).toBe('router/shadowed-route')
    expect(message).toContain(`GET ${lost} (`)
    expect(message).toContain('is never reached')
  })

  it.each([
    [['/users/me', '/users/:id', '/users/*']],
    [['/users/:id(^\\d+$)', '/users/:name']],
    [['/u/:a/x', '/u/:b/y']],
    [['/f/:a-:b', '/f/:c']],
    [['/f/:a(.*)/x', '/f/:b/y']],
    [['/f/:a(.*)/:b(^\\d$)', '/f/:a/:b']],
    [['/f/:a(^x)-:b/y', '/f/:a(^z)-:b/z/:c', '/f/:a(^z)-:b/y/:c']],
    [['/f/:a(^x$)/:c', '/f/:a(^y$)/:c(^d$)']],
  ])('%p: nothing is lost', async (paths) => {
    expect((await boot(paths)).code).toBe('started')
  })
})
