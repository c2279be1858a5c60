import { generateKeyPairSync, randomBytes, type JsonWebKey, type KeyObject } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { Secret } from '@covet/core'
import { createJwt, type KeyDefinition } from '../src/index.ts'
import { audience, issuer, keyFor, outcomeOf, pairs, verifier } from './support/forge.ts'

const codeOf = (...keys: KeyDefinition[]): string => {
  try {
    createJwt({ issuer, audience, keys })
    return 'fine'
  } catch (error) {
    return (error as { code: string }).code
  }
}
const secretCode = (secret: string | Uint8Array, algorithm: 'HS256' | 'HS384' | 'HS512' = 'HS256'): string => codeOf({ algorithm, secret })

describe('an HMAC secret', () => {
  it.each([
    ['nothing', ''],
    ['4 bytes', 'abcd'],
    ['31 bytes', new Uint8Array(randomBytes(31))],
    ["'changeme…' of 32 characters", 'changemechangemechangemechangeme'],
    ["'change-me' with digits", 'change-me-0f8a6b2c4d1e93f75a60b8c2'],
    ['your-256-bit-secret', 'your-256-bit-secret-goes-in-here'],
    ['one letter', 'a'.repeat(64)],
    ['zeros', new Uint8Array(64)],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz012345'],
    ['counted bytes', Uint8Array.from({ length: 64 }, (_, index) => index)],
    ['a good text twice', 'J7kq2ZxP9vLw4TsB'.repeat(2)],
    ['16 random bytes in hex', '19b2ff67a7fe8c216ff7916bdd936726'],
    ['one hex digit', '7'.repeat(64)],
    ['an English sentence of few letters', 'seeee the teeees are the bessst!'],
  ])('JWT-03: of %s is refused at boot', (_what, secret) => {
    expect(secretCode(secret)).toBe('jwt/weak-secret')
  })

  const { publicKey, privateKey } = pairs.rsa
  const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string
  const der = publicKey.export({ format: 'der', type: 'spki' })
  const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))
  it.each<[string, string | Uint8Array]>([
    ['PEM', pem],
    ['PEM with a leading space', ` ${pem}`],
    ['PEM with a byte order mark', `\uFEFF${pem}`],
    ['PEM with a comment', `# key of the shop\n${pem}`],
    ['DER', der],
    ['DER in base64', der.toString('base64')],
    ['PKCS #1', publicKey.export({ format: 'der', type: 'pkcs1' })],
    ['a private key in DER', privateKey.export({ format: 'der', type: 'pkcs8' })],
    ['SEC 1', pairs.p256.privateKey.export({ format: 'der', type: 'sec1' })],
    ['JWK', jwk],
    ['JWK with a byte order mark', `\uFEFF ${jwk}`],
    ['JWKS', `{ "keys": [${jwk}] }`],
  ])('JWT-02: that is a key document as %s is refused at boot', (_form, secret) => {
    expect(secretCode(secret)).toBe('jwt/weak-secret')
  })

  it('may be bytes, text, a JWK, or any of them in a Secret', () => {
    const bytes = randomBytes(64)
    const text = bytes.toString('base64url')
    const jwk = { kty: 'oct', k: text, alg: 'HS512', use: 'sig' }
    expect(codeOf({ algorithm: 'HS512', secret: bytes })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: text })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: randomBytes(64).toString('hex') })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: jwk })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: new Secret(text) })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: new Secret(new Uint8Array(bytes)) })).toBe('fine')
    expect(codeOf({ algorithm: 'HS512', secret: new Secret(jwk) })).toBe('fine')
  })

  it('must be as long as its hash', () => {
    expect(secretCode(randomBytes(47), 'HS384')).toBe('jwt/weak-secret')
    expect(secretCode(randomBytes(48), 'HS384')).toBe('fine')
    expect(secretCode(randomBytes(63), 'HS512')).toBe('jwt/weak-secret')
    expect(secretCode(randomBytes(64), 'HS512')).toBe('fine')
  })

  it('is accepted whenever it is random', () => {
    for (let round = 0; round < 300; round++) {
      const secret = randomBytes(32)
      expect([secretCode(secret), secretCode(secret.toString('base64')), secretCode(secret.toString('hex'))]).toEqual([
        'fine',
        'fine',
        'fine',
      ])
    }
  })

  it('is not in the error', () => {
    expect(() => createJwt({ issuer, audience, keys: [{ algorithm: 'HS256', secret: 'hunter2' }] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})

/** The four y that are no plain number, and each point's twin with the sign bit; little-endian. */
const smallOrderPoints = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  // y ≥ p: other spellings of 0 and 1
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

const publicPem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }) as string
const okp = (hex: string): JsonWebKey => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') })

describe('a public or private key', () => {
  it('JWT-12: RSA of 1,024 bits and RSA with e = 1 or 3 are refused at boot', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    expect(codeOf({ algorithm: 'RS256', privateKey: weak.privateKey })).toBe('jwt/invalid-key')
    expect(codeOf({ algorithm: 'RS256', publicKey: publicPem(weak.publicKey) })).toBe('jwt/invalid-key')
    const { n = '' } = pairs.rsa.publicKey.export({ format: 'jwk' })
    expect(codeOf({ algorithm: 'RS256', publicKey: { kty: 'RSA', n, e: 'AQ' } })).toBe('jwt/invalid-key')
    expect(codeOf({ algorithm: 'RS256', publicKey: { kty: 'RSA', n, e: 'Aw' } })).toBe('jwt/invalid-key')
    expect(codeOf({ algorithm: 'RS256', publicKey: { kty: 'RSA', n, e: 'AQAB' } })).toBe('fine')
  })

  it.each(smallOrderPoints)('JWT-12: the Ed25519 key %s is refused at boot', (point) => {
    expect(codeOf({ algorithm: 'Ed25519', publicKey: okp(point) })).toBe('jwt/invalid-key')
  })

  it('JWT-12: a point that is not on the curve is refused at boot', () => {
    const { x = '' } = pairs.p256.publicKey.export({ format: 'jwk' })
    expect(codeOf({ algorithm: 'ES256', publicKey: { kty: 'EC', crv: 'P-256', x, y: x } })).toBe('jwt/invalid-key')
  })

  it.each<[string, KeyDefinition]>([
    ['of another curve', { algorithm: 'ES256', publicKey: pairs.p384.publicKey }],
    ['of another type', { algorithm: 'RS256', publicKey: pairs.p256.publicKey }],
    ['for PSS only', { algorithm: 'RS256', publicKey: generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).publicKey }],
    ['of Ed448', { algorithm: 'EdDSA', publicKey: generateKeyPairSync('ed448').publicKey }],
    ['that is public where a private one is needed', { algorithm: 'ES256', privateKey: pairs.p256.publicKey }],
    ['that is public PEM where a private one is needed', { algorithm: 'ES256', privateKey: publicPem(pairs.p256.publicKey) }],
    ['that is no key', { algorithm: 'ES256', privateKey: 'hello' }],
    ['for encryption', { algorithm: 'ES256', publicKey: { ...pairs.p256.publicKey.export({ format: 'jwk' }), use: 'enc' } }],
    [
      'for other operations',
      { algorithm: 'ES256', publicKey: { ...pairs.p256.publicKey.export({ format: 'jwk' }), key_ops: ['deriveKey'] } },
    ],
    ['for another algorithm', { algorithm: 'RS256', publicKey: { ...pairs.rsa.publicKey.export({ format: 'jwk' }), alg: 'PS256' } }],
    ['that is a secret', { algorithm: 'RS256', secret: randomBytes(64) } as unknown as KeyDefinition],
    ['that is not a secret', { algorithm: 'HS256', publicKey: pairs.rsa.publicKey } as unknown as KeyDefinition],
    ['that is a JWK of another type for a secret', { algorithm: 'HS256', secret: pairs.rsa.publicKey.export({ format: 'jwk' }) }],
    ['that is an oct JWK in padded base64', { algorithm: 'HS256', secret: { kty: 'oct', k: randomBytes(32).toString('base64') } }],
  ])('%s is refused at boot', (_what, definition) => {
    expect(codeOf(definition)).toBe('jwt/invalid-key')
  })

  it.each([
    ['PEM', (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }) as string],
    ['a JWK', (key: KeyObject) => key.export({ format: 'jwk' })],
    ['a KeyObject', (key: KeyObject) => key],
    ['PEM in a Secret', (key: KeyObject) => new Secret(key.export({ format: 'pem', type: 'pkcs8' }) as string)],
    ['a JWK in a Secret', (key: KeyObject) => new Secret(key.export({ format: 'jwk' }))],
  ])('may be %s', (_form, toMaterial) => {
    const tokens = verifier({ keys: [{ algorithm: 'ES256', privateKey: toMaterial(pairs.p256.privateKey) }] })
    const others = verifier({ keys: [{ algorithm: 'ES256', publicKey: toMaterial(pairs.p256.privateKey) }] })
    expect(outcomeOf(others, tokens.sign({ sub: '42' }))).toBe('ok')
  })
})

describe('the list of keys', () => {
  it.each<[string, KeyDefinition[], string]>([
    ['is empty', [], 'jwt/invalid-options'],
    ['has an unknown algorithm', [{ algorithm: 'none', secret: randomBytes(64) } as unknown as KeyDefinition], 'jwt/invalid-options'],
    ['has two keys and one without kid', [keyFor('ES256'), keyFor('RS256', 'a')], 'jwt/invalid-options'],
    ['has one kid twice', [keyFor('ES256', 'a'), keyFor('RS256', 'a')], 'jwt/invalid-options'],
    ['has a kid with a slash', [keyFor('ES256', 'a/b')], 'jwt/invalid-options'],
    ['has one secret under two algorithms', [keyFor('HS256', 'a'), keyFor('HS512', 'b')], 'jwt/invalid-key'],
    ['has one key pair under two algorithms', [keyFor('RS256', 'a'), keyFor('RS512', 'b')], 'jwt/invalid-key'],
    ['has different keys', [keyFor('HS256', 'a'), keyFor('RS512', 'b'), keyFor('Ed25519', 'c')], 'fine'],
  ])('that %s', (_what, keys, expected) => {
    expect(codeOf(...keys)).toBe(expected)
  })
})
