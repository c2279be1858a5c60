import assert from 'node:assert/strict'
import { orm, OrmToken } from '@covet/orm'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(orm())
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.equal(app.services.get(OrmToken).label, 'orm')
}
