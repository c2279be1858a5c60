import assert from 'node:assert/strict'
import { CovetError, problems } from '@covet/core'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(problems())
  app.get('/teapot', () => {
    throw new CovetError('tea/no-coffee', 'This is a teapot.', { statusCode: 418 })
  })
}

export async function verify(app: FastifyInstance): Promise<void> {
  const response = await app.inject('/teapot')
  assert.equal(response.statusCode, 418)
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/)
  assert.equal(response.json<{ code: string }>().code, 'tea/no-coffee')
}
