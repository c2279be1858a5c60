import assert from 'node:assert/strict'
import { Config, config, loadConfig } from '@covet/config'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'

export async function register(app: FastifyInstance): Promise<void> {
  const settings = await loadConfig({ schema: Type.Object({ greeting: Type.String({ default: 'hello' }) }) })
  await app.register(config(settings))
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.deepEqual(app.services.get(Config), { greeting: 'hello' })
}
