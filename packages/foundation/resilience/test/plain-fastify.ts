import assert from 'node:assert/strict'
import { resilience, ResilienceToken } from '@covet/resilience'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(resilience())
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.equal(app.services.get(ResilienceToken).label, 'resilience')
}
