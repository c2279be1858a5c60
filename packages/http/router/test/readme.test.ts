import { createApp } from '@covet/core'
import { expect, it } from '@jest/globals'
import Fastify from 'fastify'
import Type from 'typebox'
import { routes } from '../src/index.ts'

const hello = routes({
  name: 'hello',
  setup(route) {
    route.get('/hello/:name', { response: { 200: Type.Object({ message: Type.String() }) } }, ({ params }) => ({
      message: `Hello, ${params.name}!`,
    }))
  },
})

it('serves the first example of the README', async () => {
  await using app = await createApp({ plugins: [hello], mode: 'test' })
  const response = await app.inject('/hello/Ada')
  expect([response.statusCode, response.json()]).toEqual([200, { message: 'Hello, Ada!' }])
})

it('serves it in plain Fastify too', async () => {
  await using app = Fastify()
  await app.register(hello)
  const response = await app.inject('/hello/Ada')
  expect([response.statusCode, response.json()]).toEqual([200, { message: 'Hello, Ada!' }])
})
