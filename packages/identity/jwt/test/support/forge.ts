import { createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { TokenRejectedError } from '../../src/errors.ts'
import { createJwt, type Algorithm, type Jwt, type JwtOptions, type KeyDefinition } from '../../src/index.ts'
import { createSign } from '../../src/signature.ts'

/** 2026-11-21T12:00:00Z, in seconds. */
export const now = 1_795_262_400
export const issuer = 'https://shop.example'
export const audience = 'https://api.shop.example'

export const secret: Buffer = randomBytes(64)
export const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
  ed25519: generateKeyPairSync('ed25519'),
} as const

const pairOf = {
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  ES256: 'p256',
  ES384: 'p384',
  ES512: 'p521',
  EdDSA: 'ed25519',
  Ed25519: 'ed25519',
} as const

export const hmacAlgorithms = ['HS256', 'HS384', 'HS512'] as const
export const publicKeyAlgorithms = Object.keys(pairOf) as (keyof typeof pairOf)[]

export function pairFor(algorithm: keyof typeof pairOf): { privateKey: KeyObject; publicKey: KeyObject } {
  return pairs[pairOf[algorithm]]
}

export function keyFor(algorithm: Algorithm, kid?: string): KeyDefinition {
  const name = kid === undefined ? {} : { kid }
  if (algorithm === 'HS256' || algorithm === 'HS384' || algorithm === 'HS512') return { ...name, algorithm, secret }
  return { ...name, algorithm, privateKey: pairFor(algorithm).privateKey }
}

export function verifier(options: Partial<JwtOptions> = {}): Jwt {
  return createJwt({ issuer, audience, keys: [keyFor('HS256')], clock: () => now * 1_000, ...options })
}

export const goodHeader = { alg: 'HS256', typ: 'at+jwt' }
export const goodClaims = { iss: issuer, aud: audience, sub: '42', client_id: issuer, iat: now, exp: now + 600, jti: 'a1' }

export const encode = (part: unknown): string => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

const signHs256 = createSign('HS256', createSecretKey(secret))

/** A genuine HS256 signature behind any text. */
export const signInput = (signingInput: string): string => `${signingInput}.${signHs256(signingInput)}`

/** A token with a genuine HS256 signature over whatever is given; text is taken as it is. */
export const forge = (claims: unknown = goodClaims, header: unknown = goodHeader): string =>
  signInput(`${encode(header)}.${encode(claims)}`)

/** `ok`, or the code of the error, with the reason for a rejected token. */
export function outcomeOf(tokens: Pick<Jwt, 'verify'>, token: string | undefined): string {
  const check = tokens.verify(token)
  if (check.ok) return 'ok'
  if (check.error.statusCode !== 401) throw new Error('A refused token is a 401.')
  return check.error instanceof TokenRejectedError ? `jwt/rejected: ${check.error.reason}` : check.error.code
}
