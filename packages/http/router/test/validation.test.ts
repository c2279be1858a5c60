import { problems, type ValidationIssue } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import Type, { type TSchema } from 'typebox'
import { closeSchema } from '../src/close-body.ts'
import { router, routes, rule } from '../src/index.ts'
import { appOf, group, refusalOf } from './support.ts'

const errorsOf = (response: { json(): { errors: ValidationIssue[] } }): ValidationIssue[] => response.json().errors

describe('rules', () => {
  const signUp = routes({
    name: 'sign-up',
    setup(route) {
      route.post(
        '/sign-up',
        {
          body: Type.Object({ password: Type.String({ minLength: 3 }), again: Type.String() }),
          query: Type.Object({ from: Type.Integer({ default: 0 }), to: Type.Integer({ default: 9 }) }),
          rules: [
            rule('passwords-match', ({ body }) => body.password === body.again, { path: '/again', message: 'must equal password' }),
            rule('range', ({ query }) => query.from <= query.to, { in: 'query', path: '/to', message: 'must not be before from' }),
            { name: 'not-taken', holds: async ({ body }) => body.password !== 'taken', report: { message: 'is taken' } },
          ],
        },
        ({ body }) => ({ length: body.password.length }),
      )
    },
  })
  const post = { method: 'POST', url: '/sign-up' } as const

  it('refuse in the error shape of the schemas, all together', async () => {
    await using app = await appOf([signUp])
    const response = await app.inject({ ...post, url: '/sign-up?from=5&to=1', payload: { password: 'taken', again: 'other' } })
    expect(response.statusCode).toBe(400)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({
      code: 'validation/failed',
      errors: [
        { in: 'body', path: '/again', keyword: 'passwords-match', message: 'must equal password' },
        { in: 'query', path: '/to', keyword: 'range', message: 'must not be before from' },
        { in: 'body', path: '', keyword: 'not-taken', message: 'is taken' },
      ],
    })
  })

  it('let a request pass that keeps them', async () => {
    await using app = await appOf([signUp])
    expect((await app.inject({ ...post, payload: { password: 'secret', again: 'secret' } })).json()).toEqual({ length: 6 })
  })

  it('are asked only when the schemas are satisfied', async () => {
    await using app = await appOf([signUp])
    const response = await app.inject({ ...post, payload: { password: 'a', again: 'b' } })
    expect(errorsOf(response).map(({ keyword }) => keyword)).toEqual(['minLength'])
  })

  it('refuse synchronously, and before any middleware', async () => {
    let ran = false
    const sync = group('sync', (route) =>
      route.get('/', { rules: [rule('never', () => false, { in: 'query', message: 'is never right' })] }, () => 'handled'),
    )
    await using app = await appOf([router({ use: [{ name: 'watch', adds: [], before: () => void (ran = true) }] }), sync])
    const response = await app.inject('/')
    expect([response.statusCode, ran, errorsOf(response)]).toEqual([
      400,
      false,
      [{ in: 'query', path: '', keyword: 'never', message: 'is never right' }],
    ])
  })

  it('refuse in plain Fastify, as a problem with problems()', async () => {
    await using app = Fastify()
    await app.register(problems())
    await app.register(signUp)
    const response = await app.inject({ ...post, payload: { password: 'secret', again: 'other' } })
    expect([response.statusCode, errorsOf(response)]).toEqual([400, [expect.objectContaining({ keyword: 'passwords-match' })]])
  })
})

describe('coercion', () => {
  const echo = group('echo', (route) =>
    route.post(
      '/echo/:id',
      {
        params: Type.Object({ id: Type.Integer() }),
        query: Type.Object({ limit: Type.Integer({ default: 20 }), tags: Type.Optional(Type.Array(Type.String())) }),
        body: Type.Object({ n: Type.Integer() }),
      },
      ({ params, query, body }) => ({ params, query, body }),
    ),
  )
  const post = (url: string, payload: object): { method: 'POST'; url: string; payload: object } => ({ method: 'POST', url, payload })

  it('turns query and path into the types of their schemas, never a body', async () => {
    await using app = await appOf([echo])
    const response = await app.inject(post('/echo/7?limit=5&tags=a', { n: 1 }))
    expect(response.json()).toEqual({ params: { id: 7 }, query: { limit: 5, tags: ['a'] }, body: { n: 1 } })
    const refused = await app.inject(post('/echo/7', { n: '1' }))
    expect([refused.statusCode, errorsOf(refused)[0]]).toMatchObject([
      400,
      { in: 'body', path: '/n', keyword: 'type', message: 'must be an integer' },
    ])
    expect(errorsOf(await app.inject(post('/echo/x', { n: 1 })))[0]).toMatchObject({ in: 'params', path: '/id' })
  })

  it('HTTP-19: refuses a repeated scalar, and never merges query and body', async () => {
    await using app = await appOf([echo])
    const repeated = await app.inject(post('/echo/7?limit=1&limit=2', { n: 1 }))
    expect([repeated.statusCode, errorsOf(repeated)[0]]).toMatchObject([400, { in: 'query', path: '/limit' }])
    const sameName = await app.inject(post('/echo/7?n=5', {}))
    expect([sameName.statusCode, errorsOf(sameName)[0]]).toMatchObject([400, { in: 'body', path: '/n', keyword: 'required' }])
  })
})

describe('bodies', () => {
  const deep = Type.Object({ user: Type.Object({ name: Type.String() }), list: Type.Array(Type.Object({ a: Type.Integer() })) })
  const free = Type.Object({ name: Type.String() }, { additionalProperties: true })
  const plugin = group('bodies', (route) => {
    route.post('/deep', { body: deep }, ({ body }) => body)
    route.post('/free', { body: free }, ({ body }) => body)
  })
  const post = (url: string, payload: object): { method: 'POST'; url: string; payload: object } => ({ method: 'POST', url, payload })

  it('refuse members their schema does not name, at any depth', async () => {
    await using app = await appOf([plugin])
    const response = await app.inject(post('/deep', { user: { name: 'Ada', admin: true }, list: [{ a: 1, b: 2 }], extra: 1 }))
    expect(
      errorsOf(response)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['/extra', '/list/0/b', '/user/admin'])
    expect((await app.inject(post('/deep', { user: { name: 'Ada' }, list: [{ a: 1 }] }))).statusCode).toBe(200)
  })

  it('take them where the schema says so, or everywhere with dangerouslyOpenBodies', async () => {
    await using app = await appOf([plugin])
    expect((await app.inject(post('/free', { name: 'Ada', more: 1 }))).json()).toEqual({ name: 'Ada', more: 1 })
    await using open = await appOf([router({ dangerouslyOpenBodies: true }), plugin])
    expect((await open.inject(post('/deep', { user: { name: 'Ada', admin: true }, list: [] }))).statusCode).toBe(200)
  })

  it.each<[string, TSchema, object, boolean]>([
    [
      'an intersection, members of each branch',
      Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Integer() })]),
      { a: 1, b: 2 },
      true,
    ],
    [
      'an intersection, another member',
      Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Integer() })]),
      { a: 1, b: 2, c: 3 },
      false,
    ],
    [
      'a union, members of two branches',
      Type.Union([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Integer() })]),
      { a: 1, b: 2 },
      false,
    ],
    ['a union, one branch', Type.Union([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Integer() })]), { b: 2 }, true],
    ['a record', Type.Object({ any: Type.Record(Type.String(), Type.Integer()) }), { any: { x: 1 } }, true],
    ['an object below a branch', Type.Intersect([Type.Object({ a: Type.Object({ x: Type.Integer() }) })]), { a: { x: 1, y: 2 } }, false],
  ])('close %s', async (_name, body, payload, passes) => {
    await using app = await appOf([group('closed', (route) => route.post('/', { body }, () => 'handled'))])
    expect((await app.inject(post('/', payload))).statusCode).toBe(passes ? 200 : 400)
  })

  it('are refused at boot when what they may carry cannot be known', async () => {
    const body = Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Ref('Shared')])
    expect((await refusalOf(appOf([group('ref', (route) => route.post('/', { body }, () => 1))]))).code).toBe('router/open-body')
  })

  it("follow Fastify's own validator in plain Fastify: unknown members are removed", async () => {
    await using app = Fastify()
    await app.register(plugin)
    expect((await app.inject(post('/deep', { user: { name: 'Ada', admin: true }, list: [] }))).json()).toEqual({
      user: { name: 'Ada' },
      list: [],
    })
  })

  it('may share a schema that has an $id', async () => {
    const user = Type.Object({ name: Type.String() }, { $id: 'User' })
    const shared = group('shared', (route) => {
      route.post('/one', { body: user, response: { 200: user } }, ({ body }) => body)
      route.post('/many', { body: Type.Object({ users: Type.Array(user) }) }, ({ body }) => body.users.length)
      route.post('/two', { body: user }, ({ body }) => body.name)
    })
    await using app = await appOf([shared])
    expect((await app.inject(post('/two', { name: 'Ada' }))).body).toBe('Ada')
    expect((await app.inject(post('/many', { users: [{ name: 'Ada', admin: true }] }))).statusCode).toBe(400)
    await using plain = Fastify()
    await plain.register(shared)
    expect((await plain.inject(post('/one', { name: 'Ada' }))).json()).toEqual({ name: 'Ada' })
  })

  it("leave the application's schema alone", () => {
    const before = JSON.stringify(deep)
    closeSchema(deep)
    expect(JSON.stringify(deep)).toBe(before)
    expect(closeSchema(true)).toBe(true)
  })
})

it('refuses a params schema that names what is not in the path', async () => {
  const strange = group('strange', (route) => route.get('/:slug', { params: Type.Object({ sulg: Type.String() }) }, () => 1))
  expect(await refusalOf(appOf([strange]))).toMatchObject({
    code: 'router/params-mismatch',
    message: expect.stringContaining("names 'sulg', the path has 'slug'"),
  })
  const none = group('none', (route) => route.get('/', { params: Type.Object({ id: Type.String() }) }, () => 1))
  expect((await refusalOf(appOf([none]))).message).toContain('the path has none')
})
