import assert from 'node:assert/strict'
import { mysql, MysqlToken } from '@covet/mysql'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(mysql())
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.equal(app.services.get(MysqlToken).label, 'mysql')
}
