import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import { OpenApi, openapi } from '@covet/openapi'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(openapi({ title: 'Plain', version: '1.0.0' }))
  app.get('/things/:id', { schema: { summary: 'One thing' } }, async () => ({}))
}

export async function verify(app: FastifyInstance): Promise<void> {
  const document: unknown = (await app.inject('/openapi.json')).json()
  assert.deepEqual(document, JSON.parse(JSON.stringify(app.services.get(OpenApi).document())))
  assert.equal(app.services.get(OpenApi).document().paths['/things/{id}']?.['get']?.summary, 'One thing')
}
