import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { bearerToken, Jwt, jwt } from '@covet/jwt'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(
    jwt({
      issuer: 'https://shop.example',
      audience: 'https://shop.example',
      keys: [{ algorithm: 'HS256', secret: randomBytes(32) }],
    }),
  )
  const tokens = app.services.get(Jwt)
  app.get('/me', async (request) => {
    const check = tokens.verify(bearerToken(request.headers.authorization))
    if (!check.ok) throw check.error
    return { id: check.claims.sub }
  })
}

export async function verify(app: FastifyInstance): Promise<void> {
  const authorization = `Bearer ${app.services.get(Jwt).sign({ sub: '42' })}`
  const known = await app.inject({ url: '/me', headers: { authorization } })
  assert.deepEqual(known.json(), { id: '42' })
  const stranger = await app.inject('/me')
  assert.equal(stranger.statusCode, 401)
}
