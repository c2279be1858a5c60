import type { JsonWebKey } from 'node:crypto'
import type { Duration } from '@covet/core'
import { encodeBase64url } from './base64url.ts'
import { reservedClaims, type Claims, type SignClaims } from './claims.ts'
import { InvalidClaimsError, JwtError, NoSigningKeyError, TokenRejectedError } from './errors.ts'
import { loadKeys, type LoadedKey } from './keys.ts'
import {
  resolveSigningOptions,
  resolveVerificationOptions,
  toLifetimeSeconds,
  type JwtOptions,
  type VerificationPolicy,
} from './options.ts'
import { parseStrictObject } from './strict-json.ts'
import { checkToken, maxTokenBytes, openToken, refuse, type TokenCheck, type TokenHeader } from './token.ts'

export interface SignOptions {
  /** `exp - iat` of this token. */
  lifetime?: Duration
  /** `client_id` of this token. */
  clientId?: string
}

export interface Jwt<Custom extends object = Record<string, unknown>> {
  /**
   * Signs the claims, with `iss`, `aud`, `iat`, `exp`, `jti` and, for access tokens, `client_id` added.
   * @throws {InvalidClaimsError} when `verify` would not accept them
   * @throws {NoSigningKeyError}
   * @throws {InvalidJwtOptionsError} for a lifetime longer than `verify` accepts
   */
  sign(claims: SignClaims<Custom>, options?: SignOptions): string
  /** Never throws for what a client sent: the outcome is a value. */
  verify(token: string | undefined): TokenCheck<Custom>
  /** The public JSON Web Key Set (RFC 7517): no secret and no private key is ever in it. */
  jwks(): { readonly keys: readonly JsonWebKey[] }
}

/**
 * Loads the keys and fixes the policy; afterwards nothing is created per token.
 * @throws {InvalidJwtOptionsError} @throws {InvalidKeyError} @throws {WeakSecretError}
 */
export function createJwt<Custom extends object = Record<string, unknown>>(options: JwtOptions<Custom>): Jwt<Custom> {
  const policy = resolveVerificationOptions(options)
  const signing = resolveSigningOptions(options, policy)
  const loaded = loadKeys(options.keys)
  const keys = new Map(loaded.map((key) => [key.kid, key]))
  const headerPolicy = { typ: policy.typ, known: new Map(loaded.map((key) => [encodeHeader(key, policy), toHeader(key)])) }
  const signer = loaded.find((key) => key.sign)
  const header = signer && encodeHeader(signer, policy)
  const jwks = Object.freeze({ keys: loaded.flatMap(({ publicJwk }) => (publicJwk ? [Object.freeze(publicJwk)] : [])) })

  return {
    sign(claims, { lifetime, clientId = signing.clientId } = {}) {
      if (!signer?.sign) throw new NoSigningKeyError()
      const reserved = reservedClaims.find((name) => Object.hasOwn(claims, name))
      if (reserved) throw new InvalidClaimsError(`${reserved} is written by sign`)
      const iat = Math.floor(policy.clock() / 1_000)
      const seconds = lifetime === undefined ? signing.lifetimeSeconds : toLifetimeSeconds(lifetime, policy.maxLifetimeSeconds)
      const payload = {
        iss: policy.issuer,
        aud: policy.audiences[0],
        ...claims,
        ...(policy.needsClient && { client_id: clientId }),
        iat,
        exp: iat + seconds,
        jti: signing.generateId(),
      }
      const text = JSON.stringify(payload)
      assertSignable(payload, text, policy)
      const signingInput = `${header}.${encodeBase64url(text)}`
      const token = `${signingInput}.${signer.sign(signingInput)}`
      if (token.length > maxTokenBytes)
        throw new InvalidClaimsError(`the token would have ${token.length} bytes of at most ${maxTokenBytes}`)
      return token
    },

    verify(token) {
      const opened = openToken(token, headerPolicy)
      if (opened instanceof JwtError) return refuse(opened)
      const key = keys.get(opened.header.kid)
      if (!key) return refuse(new TokenRejectedError('key'))
      if (!key.accepts.includes(opened.header.alg)) return refuse(new TokenRejectedError('algorithm'))
      return checkToken(opened, key.verify, policy, policy.clock())
    },

    jwks: () => jwks,
  }
}

function encodeHeader({ algorithm, kid }: LoadedKey, { typ }: VerificationPolicy): string {
  return encodeBase64url(JSON.stringify({ alg: algorithm, typ, kid }))
}

function toHeader({ algorithm, kid }: LoadedKey): TokenHeader {
  return { alg: algorithm, kid }
}

/** What the own `verify` would say about claims, said to the one who signs them. */
function assertSignable(payload: object, text: string, { requiredClaims, validate }: VerificationPolicy): void {
  // Flat claims read back as they were written; anything else is judged by what is read back.
  const claims = isFlat(payload) && !validate ? payload : parseStrictObject(text)
  if (!claims) throw new InvalidClaimsError('they contain __proto__ or are nested deeper than 32 levels')
  if (typeof claims['sub'] !== 'string' || claims['sub'] === '') throw new InvalidClaimsError('sub is not a string')
  const missing = requiredClaims.find((name) => !Object.hasOwn(claims, name) || claims[name] === undefined)
  if (missing !== undefined) throw new InvalidClaimsError(`${missing} is required and missing`)
  if (validate && !validate(claims as unknown as Claims)) throw new InvalidClaimsError('validate refuses them')
}

function isFlat(claims: object): claims is Record<string, unknown> {
  return (
    !Object.hasOwn(claims, '__proto__') && Object.values(claims).every((value) => typeof value !== 'object' && typeof value !== 'function')
  )
}
