import { describe, expect, it } from '@jest/globals'
import * as jose from 'jose'
import { createJwt, type Claims, type JwtOptions } from '../src/index.ts'
import { audience, goodClaims, issuer, keyFor, now, outcomeOf, verifier } from './support/forge.ts'

describe('sign', () => {
  it('writes what an access token needs (RFC 9068)', () => {
    const token = verifier({ generateId: () => 'a1', clientId: 'web' }).sign({ sub: '42', scope: 'read' })
    expect(jose.decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'at+jwt' })
    expect(jose.decodeJwt(token)).toEqual({ ...goodClaims, client_id: 'web', scope: 'read' })
  })

  it('gives every token its own jti', () => {
    const tokens = verifier()
    const ids = Array.from({ length: 100 }, () => jose.decodeJwt(tokens.sign({ sub: '42' })).jti)
    expect(new Set(ids).size).toBe(100)
  })

  it('takes lifetime and client for one token, and writes no client into other kinds', () => {
    const token = verifier().sign({ sub: '42' }, { lifetime: '90s', clientId: 'cli' })
    expect(jose.decodeJwt(token)).toMatchObject({ exp: now + 90, client_id: 'cli' })
    expect(jose.decodeJwt(verifier({ typ: 'email+jwt' }).sign({ sub: '42' }))).not.toHaveProperty('client_id')
  })

  it('signs for days where that was asked for by its name', () => {
    const tokens = verifier({ lifetime: '7d', dangerouslyLongLifetime: '7d' })
    const token = tokens.sign({ sub: '42' })
    expect(jose.decodeJwt(token).exp).toBe(now + 604_800)
    expect(outcomeOf(tokens, token)).toBe('ok')
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a reserved claim', { sub: '42', exp: 1 }, 'exp is written by sign'],
    ['an issuer', { sub: '42', iss: 'me' }, 'iss is written by sign'],
    ['no subject', {}, 'sub is not a string'],
    ['a number as subject', { sub: 42 }, 'sub is not a string'],
    ['a __proto__', { sub: '42', a: JSON.parse('{"__proto__":1}') }, '__proto__'],
    ['more than 8 KB', { sub: '42', text: 'x'.repeat(8_000) }, 'of at most 8192'],
  ])('refuses %s', (_what, claims, message) => {
    expect(() => verifier().sign(claims as { sub: string })).toThrow(
      expect.objectContaining({ code: 'jwt/invalid-claims', message: expect.stringContaining(message) }),
    )
  })

  it('refuses what its own verify would: claims required or invalid', () => {
    expect(() => verifier({ requiredClaims: ['scope'] }).sign({ sub: '42' })).toThrow('scope is required and missing')
    const strict = verifier({ validate: (claims): claims is Claims & Record<string, unknown> => claims['role'] === 'admin' })
    expect(() => strict.sign({ sub: '42', role: 'guest' })).toThrow('validate refuses them')
    expect(outcomeOf(strict, strict.sign({ sub: '42', role: 'admin' }))).toBe('ok')
  })

  it('refuses a lifetime longer than it would accept', () => {
    expect(() => verifier().sign({ sub: '42' }, { lifetime: '16m' })).toThrow('dangerouslyLongLifetime')
    expect(() => verifier().sign({ sub: '42' }, { lifetime: '10ms' })).toThrow('not 1 second')
  })

  it('types the claims of the application', () => {
    interface Custom {
      role: 'admin' | 'guest'
    }
    const tokens = createJwt({
      issuer,
      audience,
      keys: [keyFor('HS256')],
      validate: (claims): claims is Claims & Custom => claims['role'] === 'admin' || claims['role'] === 'guest',
    })
    const check = tokens.verify(tokens.sign({ sub: '42', role: 'admin' }))
    if (!check.ok) throw check.error
    const role: 'admin' | 'guest' = check.claims.role
    expect(role).toBe('admin')
    // @ts-expect-error role is missing
    expect(() => tokens.sign({ sub: '42' })).toThrow('validate refuses them')
    // @ts-expect-error exp is written by sign
    expect(() => tokens.sign({ sub: '42', role: 'admin', exp: 5 })).toThrow('exp is written by sign')
  })
})

describe('the options', () => {
  it.each<[string, Partial<Record<keyof JwtOptions, unknown>>, string]>([
    ['an issuer that is a RegExp', { issuer: /shop\.example/g }, 'issuer is not a string'],
    ['an audience that is a RegExp', { audience: [/shop\.example/g] }, 'audience is not a string'],
    ['an empty issuer', { issuer: '' }, 'issuer is not a string'],
    ['no audience', { audience: undefined }, 'audience is missing'],
    ['an empty list of audiences', { audience: [] }, 'audience is missing'],
    ['an empty typ', { typ: '' }, 'typ is not a string'],
    ['a tolerance over a minute', { tolerance: '61s' }, 'tolerance is over 60s'],
    ['a lifetime over 15 minutes', { lifetime: '16m' }, 'dangerouslyLongLifetime'],
    ['a lifetime over the raised limit', { lifetime: '8d', dangerouslyLongLifetime: '7d' }, 'dangerouslyLongLifetime'],
  ])('JWT-14: refuse %s', (_what, options, message) => {
    expect(() => verifier(options as Partial<JwtOptions>)).toThrow(
      expect.objectContaining({ code: 'jwt/invalid-options', message: expect.stringContaining(message) }),
    )
  })
})
