import { type AnyPlugin, createApp, plugin } from '@covet/core'
import { RouteGuard, router, type Routes, routes } from '@covet/router'
import { describe, expect, it } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import Type from 'typebox'
import { OpenApi, openapi, type OpenApiDocument, type OpenApiOptions } from '../src/index.ts'

declare module '@covet/router' {
  interface AuthRequirements {
    openapiTest: 'optional' | 'admin'
  }
}

const guard = plugin({ name: 'guard', provides: { guard: RouteGuard }, setup: () => ({ guard: { guard: () => () => undefined } }) })

async function documentOf(
  setup: (route: Routes) => void,
  options: Partial<OpenApiOptions> = {},
  others: readonly AnyPlugin[] = [],
): Promise<OpenApiDocument> {
  const group = routes({ name: 'group', setup })
  const plugins = [router(), openapi({ title: 'Test', version: '1', ...options }), group, ...others] as never
  await using app = await createApp({ mode: 'test', plugins })
  await app.ready()
  return app.services.get(OpenApi).document()
}

const operationOf = (document: OpenApiDocument, path: string, method = 'get'): NonNullable<OpenApiDocument['paths'][string]>[string] => {
  const operation = document.paths[path]?.[method]
  if (!operation) throw new Error(`${method} ${path} is not described: ${Object.keys(document.paths).join(' ')}`)
  return operation
}

async function expectValid(document: OpenApiDocument): Promise<void> {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)
  expect([validator.version, errors, valid]).toEqual(['3.1', undefined, true])
}

const User = Type.Object({ name: Type.String({ description: 'As others see it.' }) }, { $id: 'User', description: 'Somebody.' })
const Node = Type.Cyclic({ Node: Type.Object({ value: Type.String(), next: Type.Optional(Type.Ref('Node')) }) }, 'Node')

it('is valid OpenAPI 3.1 with everything in it', async () => {
  const document = await documentOf(
    (route) => {
      route.get(
        '/users/:id',
        {
          public: true,
          params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
          query: Type.Object({ limit: Type.Integer({ default: 20 }), tag: Type.Optional(Type.Array(Type.String())) }),
          headers: Type.Object({ 'x-key': Type.String(), authorization: Type.String() }),
          response: { 200: User, 404: Type.Object({ error: Type.String() }), '5xx': Type.Object({}), default: Type.Object({}) },
          summary: 'A user',
          description: 'Some *markdown*.',
          deprecated: true,
          tags: ['Users', 'People'],
        },
        () => ({ name: 'Ada' }),
      )
      route.put('/users/:user', { auth: 'admin', body: User, response: { 204: Type.Null() } }, () => null)
      route.post('/nodes', { auth: 'optional', body: Node, response: { 201: Node } }, () => ({ value: 'x' }))
      route.post('/pairs', { public: true, body: Type.Tuple([Type.String(), Type.Integer()]) }, () => null)
      route.get('/files/*', { public: true }, () => null)
      route.get('/pages/:page?', { public: true }, () => null)
      route.on('QUERY')('/search', { public: true }, () => null)
    },
    {
      description: 'All of it.',
      info: { license: { name: 'MIT' } },
      servers: [{ url: 'https://api.example.com' }],
      tags: [{ name: 'Users', description: 'Those who use it.' }],
      securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'authorization' } },
      security: (auth) => (auth === 'optional' ? [{}, { token: [] }] : [{ token: [] }]),
    },
    [guard],
  )
  await expectValid(document)
  expect(document.openapi).toBe('3.1.1')
  expect(document.info).toEqual({ title: 'Test', version: '1', description: 'All of it.', license: { name: 'MIT' } })
  expect(document.tags).toEqual([{ name: 'Users', description: 'Those who use it.' }, { name: 'People' }])
  expect(Object.keys(document.paths)).toEqual(['/users/{id}', '/nodes', '/pairs', '/files/{wildcard}', '/pages/{page}', '/pages'])
  expect(operationOf(document, '/users/{id}')).toMatchObject({
    operationId: 'getUsersById',
    deprecated: true,
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } },
      { name: 'limit', in: 'query', schema: { type: 'integer', default: 20 } },
      { name: 'tag', in: 'query', schema: { type: 'array' } },
      { name: 'x-key', in: 'header', required: true },
    ],
  })
  expect(operationOf(document, '/users/{id}').parameters?.[1]).not.toHaveProperty('required')
  expect(operationOf(document, '/users/{id}', 'put').parameters?.[0]?.name).toBe('id')
  expect(operationOf(document, '/users/{id}', 'put').responses['204']).toEqual({ description: 'No Content' })
  expect(operationOf(document, '/users/{id}', 'put').security).toEqual([{ token: [] }])
  expect(operationOf(document, '/nodes', 'post').security).toEqual([{}, { token: [] }])
  expect(operationOf(document, '/users/{id}').security).toBeUndefined()
  expect(Object.keys(operationOf(document, '/users/{id}').responses)).toEqual(['200', '404', '5XX', 'default', '4XX'])
  expect(operationOf(document, '/pairs', 'post').requestBody?.content['application/json']?.schema).toMatchObject({
    prefixItems: [{ type: 'string' }, { type: 'integer' }],
    items: false,
  })
})

describe('components', () => {
  it('hold a schema with an $id once, and its closed variant beside it', async () => {
    const { components, paths } = await documentOf((route) => {
      route.get('/a', { response: { 200: User } }, () => ({ name: '' }))
      route.get('/b', { response: { 200: Type.Object({ users: Type.Array(User) }) } }, () => ({ users: [] }))
      route.post('/c', { body: User, response: { 200: User } }, ({ body }) => body)
      route.post('/d', { body: User }, ({ body }) => body)
    })
    expect(Object.keys(components.schemas)).toEqual(['User', 'UserInput', 'Problem'])
    expect(components.schemas['UserInput']).toMatchObject({ additionalProperties: false })
    expect(paths['/d']?.['post']?.requestBody).toEqual({
      required: true,
      description: 'Somebody.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/UserInput' } } },
    })
  })

  it('tell different schemas of one name apart', async () => {
    const other = (type: 'a' | 'b' | 'c'): object => ({ $id: 'urn:Same', type: 'object', properties: { [type]: { type: 'string' } } })
    const { components } = await documentOf((route) => {
      for (const name of ['a', 'b', 'c'] as const) route.get(`/${name}`, { response: { 200: other(name) } }, () => ({}))
    })
    expect(Object.keys(components.schemas)).toEqual(['urn_Same', 'urn_Same2', 'urn_Same3', 'Problem'])
  })

  it('follow references within a schema and to shared ones', async () => {
    const document = await documentOf((route) => {
      route.app.addSchema({ $id: 'Shared', type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] })
      route.get('/node', { response: { 200: Node } }, () => ({ value: '' }))
      route.get('/shared', { query: { $ref: 'Shared#' } as object, response: { 200: { $ref: 'Shared#/properties/x' } as object } }, () => 1)
      route.get(
        '/local',
        {
          response: {
            200: { type: 'array', items: { $ref: '#/definitions/Local' }, definitions: { Local: { type: 'string' } } } as object,
          },
        },
        () => [],
      )
    })
    await expectValid(document)
    expect(document.components.schemas).toMatchObject({
      Node: { properties: { next: { $ref: '#/components/schemas/Node' } } },
      Shared: { type: 'object' },
      Local: { type: 'string' },
    })
    expect(operationOf(document, '/shared').parameters).toEqual([{ name: 'x', in: 'query', required: true, schema: { type: 'integer' } }])
    expect(operationOf(document, '/shared').responses['200']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Shared/properties/x' } } },
    })
    expect(operationOf(document, '/local').responses['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Local' } } } },
    })
  })

  it('refuse a reference to nothing', async () => {
    const plain = plugin({
      name: 'plain',
      // A response of a status nobody sends is not compiled here, so that only the description can find it.
      setup: (app) =>
        void app.get(
          '/x',
          { schema: { response: { 200: { $ref: 'Nothing#' } } }, serializerCompiler: () => JSON.stringify },
          async () => 1,
        ),
    })
    await expect(documentOf(() => {}, {}, [plain])).rejects.toMatchObject({
      code: 'openapi/unknown-reference',
      message: expect.stringContaining("GET /x: nothing is known under $ref 'Nothing#'"),
    })
  })
})

describe('operations', () => {
  it('are named by operationId, by the name of the route, or by method and path', async () => {
    const document = await documentOf((route) => {
      route.get('/a', { operationId: 'listAll' }, () => 1)
      route.get('/b', { name: 'b.index' }, () => 1)
      route.get('/c-d/:e.:f', () => 1)
      route.get('/c/d', () => 1)
      route.get('/c-d', () => 1)
      route.get('/', () => 1)
    })
    expect(Object.values(document.paths).map(({ get }) => get?.operationId)).toEqual([
      'listAll',
      'b.index',
      'getCDByEByF',
      'getCD',
      'getCD2',
      'get',
    ])
  })

  it('refuse one operationId twice', async () => {
    const twice = documentOf((route) => {
      route.get('/a', { operationId: 'same' }, () => 1)
      route.get('/b', { operationId: 'same' }, () => 1)
    })
    await expect(twice).rejects.toMatchObject({
      code: 'openapi/duplicate-operation',
      message: expect.stringContaining('GET /a and GET /b'),
    })
  })

  it('are left out when hidden, and made once for hosts and HEAD', async () => {
    const document = await documentOf((route) => {
      route.get('/hidden', { hide: true }, () => 1)
      route.get('/host', { summary: 'first' }, () => 1)
      route.get('/host', { summary: 'second', constraints: { host: 'two.example' } }, () => 1)
    })
    expect(document.paths).toEqual({ '/host': { get: expect.objectContaining({ summary: 'first' }) } })
  })

  it('take intersections as parameters, and media types as they are declared', async () => {
    const document = await documentOf((route) => {
      route.get(
        '/q',
        { query: Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.Optional(Type.String()) })]) },
        () => 1,
      )
      route.post('/form', { body: Type.Object({ a: Type.String() }), schema: { consumes: ['application/x-www-form-urlencoded'] } }, () => 1)
      route.post(
        '/media',
        {
          schema: {
            body: { content: { 'text/csv': { schema: { type: 'string' } } } },
            response: { 200: { description: 'Rows.', content: { 'text/csv': { schema: { type: 'string' } } } } },
          },
        },
        () => 'a,b',
      )
    })
    await expectValid(document)
    expect(operationOf(document, '/q').parameters?.map(({ name, required }) => [name, required])).toEqual([
      ['a', true],
      ['b', undefined],
    ])
    expect(Object.keys(operationOf(document, '/form', 'post').requestBody?.content ?? {})).toEqual(['application/x-www-form-urlencoded'])
    expect(operationOf(document, '/media', 'post')).toMatchObject({
      requestBody: { content: { 'text/csv': { schema: { type: 'string' } } } },
      responses: { 200: { description: 'Rows.', content: { 'text/csv': { schema: { type: 'string' } } } } },
    })
  })

  it('answer 4xx as configured', async () => {
    const setup = (route: Routes): void => {
      route.get('/a', () => 1)
      route.get('/own', { response: { '4xx': Type.Object({ mine: Type.String() }) } }, () => 1)
    }
    const document = await documentOf(setup, {
      errors: { schema: Type.Object({ errors: Type.Record(Type.String(), Type.Array(Type.String())) }) },
    })
    expect(document.components.responses).toMatchObject({
      Refusal: { content: { 'application/json': { schema: { properties: { errors: { type: 'object' } } } } } },
    })
    expect(operationOf(document, '/own').responses['4XX']).toMatchObject({ description: 'The request was refused.' })
    const bare = await documentOf(setup, { errors: false, securitySchemes: {} })
    expect([bare.components, operationOf(bare, '/a').responses]).toEqual([{ schemas: {} }, { '2XX': { description: 'Success' } }])
  })

  it('need no security when there is no scheme', async () => {
    const document = await documentOf((route) => route.get('/a', { auth: true }, () => 1), { securitySchemes: {} }, [guard])
    expect([operationOf(document, '/a').security, document.components.securitySchemes]).toEqual([[], undefined])
  })
})
