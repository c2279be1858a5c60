import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { TokenRejectedError } from '../src/errors.ts'
import { createJwt, createRemoteJwt, type Jwt, type PublicKeyAlgorithm, type RemoteJwt, type RemoteJwtOptions } from '../src/index.ts'
import { audience, issuer, now, pairFor } from './support/forge.ts'

const url = 'https://login.example/.well-known/jwks.json'

/** An issuer somewhere else: it signs, and its key set can be fetched, count included. */
class Issuer {
  fetches = 0
  requests: { url: string; init: RequestInit }[] = []
  keys: JsonWebKey[] = []
  respond: (() => Response | Promise<Response>) | undefined

  publish(kid: string, algorithm: PublicKeyAlgorithm, publicKey: KeyObject = pairFor(algorithm).publicKey): this {
    this.keys.push({ ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' })
    return this
  }

  readonly fetch = async (target: string, init: RequestInit): Promise<Response> => {
    this.fetches++
    this.requests.push({ url: target, init })
    return this.respond ? this.respond() : Response.json({ keys: this.keys })
  }
}

function signer(kid: string, algorithm: PublicKeyAlgorithm, privateKey: KeyObject = pairFor(algorithm).privateKey): Jwt {
  return createJwt({ issuer, audience, keys: [{ kid, algorithm, privateKey }], clock: () => now * 1_000 })
}

function remote(from: Issuer, options: Partial<RemoteJwtOptions> = {}): { tokens: RemoteJwt; advance(ms: number): void } {
  let time = now * 1_000
  const tokens = createRemoteJwt({
    issuer,
    audience,
    algorithms: ['RS256', 'ES256', 'Ed25519'],
    jwks: url,
    fetch: from.fetch,
    clock: () => time,
    tolerance: '60s',
    dangerouslyLongLifetime: '1d',
    ...options,
  })
  return { tokens, advance: (ms) => void (time += ms) }
}

async function outcome(tokens: RemoteJwt, token: string | undefined): Promise<string> {
  const check = await tokens.verify(token).catch((error: { code: string }) => error.code)
  if (typeof check === 'string') return check
  if (check.ok) return 'ok'
  return check.error instanceof TokenRejectedError ? `jwt/rejected: ${check.error.reason}` : check.error.code
}

/** A token that outlives the clocks these tests turn. */
const lasting = (tokens: Jwt): string => tokens.sign({ sub: '42' }, { lifetime: '15m' })

describe('a remote issuer', () => {
  it.each(['RS256', 'ES256', 'Ed25519', 'EdDSA'] as const)('has its %s tokens verified, with one fetch', async (algorithm) => {
    const from = new Issuer().publish('a', algorithm)
    const { tokens } = remote(from)
    const token = lasting(signer('a', algorithm))
    expect(await outcome(tokens, token)).toBe('ok')
    expect(await Promise.all(Array.from({ length: 50 }, () => outcome(tokens, token)))).toEqual(Array(50).fill('ok'))
    expect(from.fetches).toBe(1)
  })

  it('is asked for its keys over https, without following redirects', async () => {
    const from = new Issuer().publish('a', 'RS256')
    await remote(from).tokens.verify(lasting(signer('a', 'RS256')))
    expect(from.requests[0]).toMatchObject({ url, init: { redirect: 'error', headers: { accept: expect.stringContaining('json') } } })
  })

  it('is not asked for anything by a token that cannot be right', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const { tokens } = remote(from, { algorithms: ['ES256'] })
    expect(await outcome(tokens, undefined)).toBe('jwt/missing')
    expect(await outcome(tokens, 'a.b.c')).toBe('jwt/malformed')
    expect(await outcome(tokens, lasting(signer('a', 'RS256')))).toBe('jwt/rejected: algorithm')
    expect(from.fetches).toBe(0)
  })

  it('JWT-10: is held to the same policy as our own tokens', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const token = lasting(signer('a', 'RS256'))
    expect(await outcome(remote(from, { audience: 'https://other.example' }).tokens, token)).toBe('jwt/rejected: audience')
    expect(await outcome(remote(from, { issuer: 'https://other.example' }).tokens, token)).toBe('jwt/rejected: issuer')
    expect(await outcome(remote(from, { typ: 'JWT' }).tokens, token)).toBe('jwt/rejected: type')
    expect(await outcome(remote(from).tokens, token.slice(0, -4) + 'AAAA')).toBe('jwt/rejected: signature')
  })

  it('JWT-16: a thousand tokens with unknown kids cause one fetch', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const { tokens } = remote(from)
    const [, payload, signature] = lasting(signer('a', 'RS256')).split('.')
    const unknown = Array.from({ length: 1_000 }, (_, index) => {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: `x${index}` })).toString('base64url')
      return outcome(tokens, `${header}.${payload}.${signature}`)
    })
    expect(new Set(await Promise.all(unknown))).toEqual(new Set(['jwt/rejected: key']))
    expect(from.fetches).toBe(1)
  })

  it('has a new key found once the cool-down is over', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const { tokens, advance } = remote(from)
    expect(await outcome(tokens, lasting(signer('a', 'RS256')))).toBe('ok')
    from.publish('b', 'Ed25519')
    const token = lasting(signer('b', 'Ed25519'))
    expect(await outcome(tokens, token)).toBe('jwt/rejected: key')
    advance(30_000)
    expect(await outcome(tokens, token)).toBe('ok')
    expect(from.fetches).toBe(2)
  })

  it('has a withdrawn key forgotten after maxAge', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const { tokens, advance } = remote(from)
    const token = lasting(signer('a', 'RS256'))
    expect(await outcome(tokens, token)).toBe('ok')
    from.keys = []
    advance(599_000)
    expect(await outcome(tokens, token)).toBe('ok')
    advance(1_000)
    expect(await outcome(tokens, token)).toBe('jwt/rejected: key')
  })

  it('that is down keeps its known keys for an hour, then everything is a 503', async () => {
    const from = new Issuer().publish('a', 'RS256')
    const { tokens, advance } = remote(from, { maxAge: '1m', staleIfError: '5m' })
    const token = lasting(signer('a', 'RS256'))
    expect(await outcome(tokens, token)).toBe('ok')
    from.respond = () => Promise.reject(new TypeError('fetch failed'))
    advance(60_000)
    expect(await outcome(tokens, token)).toBe('ok')
    expect(await outcome(tokens, token)).toBe('ok')
    expect(from.fetches).toBe(2)
    expect(await outcome(tokens, lasting(signer('new', 'Ed25519')))).toBe('jwt/keys-unavailable')
    advance(300_000)
    expect(await outcome(tokens, token)).toBe('ok')
    advance(1)
    expect(await outcome(tokens, token)).toBe('jwt/keys-unavailable')
    from.respond = undefined
    advance(30_000)
    expect(await outcome(tokens, token)).toBe('ok')
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['is unreachable', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers 500', () => new Response('', { status: 500 })],
    ['answers 304 without a body', () => new Response(null, { status: 304 })],
    ['answers with HTML', () => new Response('<html>')],
    ['answers with a list', () => Response.json([])],
    ['answers with no keys member', () => Response.json({ kid: 'a' })],
    ['answers with keys that are no objects', () => Response.json({ keys: ['a'] })],
    ['answers with duplicate members', () => new Response('{"keys":[],"keys":[]}')],
    ['answers with 21 keys', () => Response.json({ keys: Array.from({ length: 21 }, () => ({ kty: 'RSA' })) })],
    ['answers with 5 MB', () => new Response(`{"keys":[],"x":"${'x'.repeat(5 * 2 ** 20)}"}`)],
  ])('JWT-17: that %s is a 503, after one attempt per cool-down', async (_what, respond) => {
    const from = new Issuer()
    from.respond = respond
    const { tokens } = remote(from)
    const token = lasting(signer('a', 'RS256'))
    expect(await outcome(tokens, token)).toBe('jwt/keys-unavailable')
    expect(await outcome(tokens, token)).toBe('jwt/keys-unavailable')
    expect(from.fetches).toBe(1)
    await expect(tokens.verify(token)).rejects.toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '30' },
      cause: expect.anything(),
    })
  })

  it('JWT-17: that never answers is a 503 after the time-out, even if fetch ignores its signal', async () => {
    const from = new Issuer()
    from.respond = () => new Promise(() => undefined)
    const { tokens } = remote(from, { timeout: 20 })
    expect(await outcome(tokens, lasting(signer('a', 'RS256')))).toBe('jwt/keys-unavailable')
    expect(from.requests[0]?.init.signal?.aborted).toBe(true)
  })

  it('JWT-12: weak, private, ambiguous or unfit published keys verify nothing', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const from = new Issuer().publish('weak', 'RS256', weak.publicKey).publish('twin', 'ES256').publish('twin', 'ES256')
    from.keys.push({ ...pairFor('ES256').privateKey.export({ format: 'jwk' }), kid: 'private', alg: 'ES256' })
    from.keys.push({ ...pairFor('ES256').publicKey.export({ format: 'jwk' }), kid: 'enc', use: 'enc' })
    from.keys.push({ ...pairFor('ES256').publicKey.export({ format: 'jwk' }), y: 'A'.repeat(43), kid: 'off-curve' })
    const { tokens } = remote(from)
    const weakToken = lasting(signer('weak', 'RS256')).split('.').slice(0, 2).join('.')
    expect(await outcome(tokens, `${weakToken}.AAAA`)).toBe('jwt/rejected: key')
    for (const kid of ['twin', 'private', 'enc', 'off-curve'])
      expect(await outcome(tokens, lasting(signer(kid, 'ES256')))).toBe('jwt/rejected: key')
  })

  it.each<[string, Partial<RemoteJwtOptions>]>([
    ['a key set over http', { jwks: 'http://login.example/jwks.json' }],
    ['a key set that is no URL', { jwks: '/jwks.json' }],
    ['no algorithms', { algorithms: [] }],
    ['an algorithm with a secret', { algorithms: ['HS256' as 'RS256'] }],
    ['a pattern as issuer', { issuer: /x/ as unknown as string }],
  ])('refuses %s at boot', (_what, options) => {
    expect(() => remote(new Issuer(), options)).toThrow(expect.objectContaining({ code: 'jwt/invalid-options' }))
  })
})
