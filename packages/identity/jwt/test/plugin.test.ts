import { describe, expect, it } from '@jest/globals'
import { createApp, DeployFindings, plugin, type Plugin } from '@covet/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { bearerToken, Jwt, jwt, type JwtPluginOptions } from '../src/index.ts'
import { audience, issuer, keyFor, publicKeyAlgorithms } from './support/forge.ts'

const options: JwtPluginOptions = { issuer, audience, keys: [keyFor('Ed25519', 'a')] }

const me: Plugin<'jwt'> = plugin({
  name: 'me',
  needs: { tokens: Jwt },
  setup(app, { tokens }) {
    app.get('/me', async (request) => {
      const check = tokens.verify(bearerToken(request.headers.authorization))
      if (!check.ok) throw check.error
      return { id: check.claims.sub }
    })
  },
})

async function expectMe(app: FastifyInstance): Promise<void> {
  const token = app.services.get(Jwt).sign({ sub: '42' })
  const get = (authorization?: string) => app.inject({ url: '/me', headers: authorization === undefined ? {} : { authorization } })

  expect((await get(`Bearer ${token}`)).json()).toEqual({ id: '42' })
  for (const [header, code] of [
    [undefined, 'jwt/missing'],
    ['Bearer abc', 'jwt/malformed'],
    [`Bearer ${token.slice(0, -2)}`, 'jwt/rejected'],
  ] as const) {
    const response = await get(header)
    expect(response.statusCode).toBe(401)
    expect(response.json()).toMatchObject({ code })
  }
}

describe('the plugin', () => {
  it('serves createApp, in any order, and challenges in its problem documents', async () => {
    const app = await createApp({ plugins: [me, jwt(options)], mode: 'test' })
    await expectMe(app)
    const response = await app.inject('/me')
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.headers['www-authenticate']).toBe('Bearer')
    await app.close()
  })

  it('serves plain Fastify', async () => {
    const app = Fastify()
    await app.register(jwt(options))
    await app.register(me)
    await expectMe(app)
    await app.close()
  })

  it('JWT-24: serves the key set, public members only, to be cached', async () => {
    const app = Fastify()
    const keys = [
      ...publicKeyAlgorithms
        .filter((name) => ['RS256', 'ES256', 'ES384', 'ES512', 'Ed25519'].includes(name))
        .map((name) => keyFor(name, name)),
      keyFor('HS512', 'secret'),
    ]
    await app.register(jwt({ ...options, keys, jwksPath: '/.well-known/jwks.json' }))
    const response = await app.inject('/.well-known/jwks.json')
    expect(response.headers['cache-control']).toBe('public, max-age=600')
    expect(response.headers['content-type']).toContain('application/jwk-set+json')
    const set = response.json<{ keys: Record<string, unknown>[] }>()
    expect(set.keys.map(({ kid }) => kid)).toEqual(['RS256', 'ES256', 'ES384', 'ES512', 'Ed25519'])
    for (const key of set.keys) {
      expect(key).toMatchObject({ use: 'sig', alg: key['kid'] })
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(key).not.toHaveProperty(member)
    }
    await app.close()
  })

  it('JWT-24: nobody can add to the key set', async () => {
    const app = Fastify()
    await app.register(jwt(options))
    const set = app.services.get(Jwt).jwks()
    expect(Object.isFrozen(set) && set.keys.every(Object.isFrozen)).toBe(true)
    await app.close()
  })

  it('tells the deployment check about dangerouslyLongLifetime, and nothing otherwise', async () => {
    for (const [extra, ids] of [
      [{ dangerouslyLongLifetime: '7d' }, ['C020']],
      [{}, []],
    ] as const) {
      const app = Fastify()
      await app.register(jwt({ ...options, ...extra }))
      await app.ready()
      expect(
        app.services
          .all(DeployFindings)
          .flatMap((check) => check(app))
          .map(({ id }) => id),
      ).toEqual(ids)
      await app.close()
    }
  })
})
