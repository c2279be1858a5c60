import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import * as jose from 'jose'
import { createJwt, type Algorithm } from '../src/index.ts'
import {
  audience,
  forge,
  goodClaims,
  hmacAlgorithms,
  issuer,
  keyFor,
  now,
  outcomeOf,
  pairFor,
  publicKeyAlgorithms,
  secret,
  verifier,
} from './support/forge.ts'

const all: readonly Algorithm[] = [...hmacAlgorithms, ...publicKeyAlgorithms]

function joseKey(algorithm: Algorithm, half: 'publicKey' | 'privateKey'): Uint8Array | KeyObject {
  return algorithm.startsWith('HS') ? secret : pairFor(algorithm as (typeof publicKeyAlgorithms)[number])[half]
}

describe.each(all)('%s', (algorithm) => {
  const tokens = verifier({ keys: [keyFor(algorithm)] })

  it('verifies what it signs, many times over', () => {
    for (let round = 0; round < 50; round++) expect(outcomeOf(tokens, tokens.sign({ sub: `${round}` }))).toBe('ok')
  })

  it('does not verify the signature over another payload', () => {
    const [header, , signature] = tokens.sign({ sub: '42' }).split('.')
    const [, payload] = tokens.sign({ sub: '43' }).split('.')
    expect(outcomeOf(tokens, `${header}.${payload}.${signature}`)).toBe('jwt/rejected: signature')
  })

  it('signs what jose verifies', async () => {
    const { payload, protectedHeader } = await jose.jwtVerify(tokens.sign({ sub: '42' }), joseKey(algorithm, 'publicKey'), {
      issuer,
      audience,
      typ: 'at+jwt',
      currentDate: new Date(now * 1_000),
    })
    expect(payload.sub).toBe('42')
    expect(protectedHeader.alg).toBe(algorithm)
  })

  it('verifies what jose signs', async () => {
    const token = await new jose.SignJWT(goodClaims)
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
      .sign(joseKey(algorithm, 'privateKey'))
    expect(outcomeOf(tokens, token)).toBe('ok')
  })

  it('refuses the signature of every other algorithm', () => {
    for (const other of all) {
      if (other === algorithm || (algorithm.startsWith('Ed') && other.startsWith('Ed'))) continue
      const outcome = outcomeOf(tokens, verifier({ keys: [keyFor(other)] }).sign({ sub: '42' }))
      expect(`${other}: ${outcome}`).toBe(`${other}: jwt/rejected: algorithm`)
    }
  })
})

describe('EdDSA and Ed25519', () => {
  it('sign under their own name and verify both', () => {
    const old = verifier({ keys: [keyFor('EdDSA')] })
    const modern = verifier({ keys: [keyFor('Ed25519')] })
    expect(outcomeOf(old, modern.sign({ sub: '42' }))).toBe('ok')
    expect(outcomeOf(modern, old.sign({ sub: '42' }))).toBe('ok')
    expect(jose.decodeProtectedHeader(old.sign({ sub: '42' })).alg).toBe('EdDSA')
    expect(jose.decodeProtectedHeader(modern.sign({ sub: '42' })).alg).toBe('Ed25519')
  })
})

describe('several keys', () => {
  it('the first that can sign signs, all verify, each under its own kid', () => {
    const before = verifier({ keys: [keyFor('ES256', '2025')] })
    const during = verifier({
      keys: [{ kid: '2025', algorithm: 'ES256', publicKey: pairFor('ES256').publicKey }, keyFor('Ed25519', '2026')],
    })
    expect(outcomeOf(during, before.sign({ sub: '42' }))).toBe('ok')
    const fresh = during.sign({ sub: '42' })
    expect(jose.decodeProtectedHeader(fresh)).toEqual({ alg: 'Ed25519', typ: 'at+jwt', kid: '2026' })
    expect(outcomeOf(during, fresh)).toBe('ok')
    expect(outcomeOf(before, fresh)).toBe('jwt/rejected: key')
  })

  it('a token without kid is for the key without kid', () => {
    expect(outcomeOf(verifier({ keys: [keyFor('HS256', 'a')] }), forge())).toBe('jwt/rejected: key')
    expect(outcomeOf(verifier(), forge(goodClaims, { alg: 'HS256', typ: 'at+jwt', kid: 'a' }))).toBe('jwt/rejected: key')
  })

  it('keys that only verify cannot sign', () => {
    const tokens = createJwt({ issuer, audience, keys: [{ algorithm: 'RS256', publicKey: pairFor('RS256').publicKey }] })
    expect(() => tokens.sign({ sub: '42' })).toThrow(expect.objectContaining({ code: 'jwt/no-signing-key' }))
  })
})
