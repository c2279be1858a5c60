import { createApp } from '@covet/core'
import { expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { routes } from '@covet/router'
import Type from 'typebox'
import { openapi } from '../src/index.ts'

const Greeting = Type.Object({ message: Type.String() }, { $id: 'Greeting' })

const hello = routes({
  name: 'hello',
  tags: ['Greetings'],
  setup(route) {
    route.get('/hello/:name', { public: true, summary: 'Greets somebody', response: { 200: Greeting } }, ({ params }) => ({
      message: `Hello, ${params.name}!`,
    }))
  },
})

const operation = {
  operationId: 'getHelloByName',
  summary: 'Greets somebody',
  tags: ['Greetings'],
  parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
  responses: {
    200: { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Greeting' } } } },
    '4XX': { $ref: '#/components/responses/Refusal' },
  },
}

it('serves the document and the page of the first example of the README', async () => {
  await using app = await createApp({ plugins: [openapi({ title: 'Hello', version: '1.0.0' }), hello], mode: 'test' })
  expect((await app.inject('/openapi.json')).json().paths).toEqual({ '/hello/{name}': { get: operation } })
  expect((await app.inject('/docs')).body).toContain('Greets somebody')
  expect((await app.inject('/hello/Ada')).json()).toEqual({ message: 'Hello, Ada!' })
})

it('serves them in plain Fastify, where plain routes are described too', async () => {
  await using app = Fastify()
  await app.register(openapi({ title: 'Hello', version: '1.0.0' }))
  await app.register(hello)
  app.get(
    '/plain',
    { schema: { summary: 'Plain', response: { 200: { type: 'object', properties: { ok: { type: 'boolean' } } } } } },
    async () => ({ ok: true }),
  )
  const { paths } = (await app.inject('/openapi.json')).json()
  expect(Object.keys(paths)).toEqual(['/hello/{name}', '/plain'])
  expect(paths['/plain'].get).toMatchObject({ operationId: 'getPlain', summary: 'Plain' })
})
