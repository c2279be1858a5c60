import assert from 'node:assert/strict'
import { routes } from '@covet/router'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'

const hello = routes({
  name: 'hello',
  setup(route) {
    route.get('/hello/:name', { response: { 200: Type.Object({ message: Type.String() }) } }, ({ params }) => ({
      message: `Hello, ${params.name}!`,
    }))
  },
})

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(hello)
}

export async function verify(app: FastifyInstance): Promise<void> {
  const response = await app.inject('/hello/Ada')
  assert.equal(response.statusCode, 200)
  assert.deepEqual(response.json(), { message: 'Hello, Ada!' })
}
