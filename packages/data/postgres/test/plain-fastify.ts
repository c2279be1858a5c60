import assert from 'node:assert/strict'
import { postgres, PostgresToken } from '@covet/postgres'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(postgres())
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.equal(app.services.get(PostgresToken).label, 'postgres')
}
