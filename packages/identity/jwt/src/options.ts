import { randomUUID } from 'node:crypto'
import { toBytes, toMilliseconds, type Duration, type Size } from '@covet/core'
import type { PublicKeyAlgorithm } from './algorithms.ts'
import type { Claims, ClaimsGuard, ClaimsPolicy } from './claims.ts'
import { InvalidJwtOptionsError } from './errors.ts'
import type { KeyDefinition } from './keys.ts'
import { normalizeType } from './token.ts'

export interface VerificationOptions<Custom extends object = Record<string, unknown>> {
  /** `iss`, exact. */
  issuer: string
  /** `aud`, exact; of a list one must be in the token, and the first is what `sign` writes. */
  audience: string | readonly string[]
  /** Header `typ`: the kind of token. @default 'at+jwt', access tokens (RFC 9068) */
  typ?: string
  /** Clock difference forgiven, at most 60 s. @default '5s' */
  tolerance?: Duration
  /**
   * Raises the highest `exp - iat` above 15 minutes, for signing and verifying. A stolen token stays good that long.
   * @default none
   */
  dangerouslyLongLifetime?: Duration
  /** Claims that must be there beside those of every token. @default [] */
  requiredClaims?: readonly string[]
  /** The last check, on claims that passed all others; types what `verify` gives and `sign` takes. */
  validate?: ClaimsGuard<Custom>
  /** Milliseconds since the epoch. @default Date.now */
  clock?: () => number
}

export interface JwtOptions<Custom extends object = Record<string, unknown>> extends VerificationOptions<Custom> {
  /** The first that can sign signs; every one verifies. */
  keys: readonly KeyDefinition[]
  /** `exp - iat` of signed tokens. @default '10m' */
  lifetime?: Duration
  /** `client_id` of signed access tokens: an application that signs its own tokens is its own client. @default the issuer */
  clientId?: string
  /** Makes `jti`. @default crypto.randomUUID */
  generateId?: () => string
}

export interface RemoteJwtOptions<Custom extends object = Record<string, unknown>> extends VerificationOptions<Custom> {
  /** Where the issuer publishes its JSON Web Key Set; https. */
  jwks: string
  /** What the issuer signs with. */
  algorithms: readonly PublicKeyAlgorithm[]
  /** @default globalThis.fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** For the whole fetch, body included. @default '5s' */
  timeout?: Duration
  /** Of the body. @default '64KB' */
  maxSize?: Size
  /** @default 20 */
  maxKeys?: number
  /** Age at which the set is fetched again. @default '10m' */
  maxAge?: Duration
  /** Least time between two fetches. @default '30s' */
  cooldown?: Duration
  /** How long after `maxAge` the last good set is used while it cannot be fetched. @default '1h' */
  staleIfError?: Duration
}

export interface VerificationPolicy extends ClaimsPolicy {
  typ: string
  clock: () => number
}

export interface SigningPolicy {
  lifetimeSeconds: number
  clientId: string
  generateId: () => string
}

export interface RemotePolicy {
  url: string
  algorithms: readonly PublicKeyAlgorithm[]
  fetch: (url: string, init: RequestInit) => Promise<Response>
  clock: () => number
  timeoutMs: number
  maxBytes: number
  maxKeys: number
  maxAgeMs: number
  cooldownMs: number
  staleIfErrorMs: number
}

/** What a token type must name to be an access token. */
const accessToken = 'at+jwt'
const defaultMaxLifetime = '15m'
const maxTolerance = '60s'

/** @throws {InvalidJwtOptionsError} */
export function resolveVerificationOptions<Custom extends object>(options: VerificationOptions<Custom>): VerificationPolicy {
  const { issuer, audience, requiredClaims = [], validate, clock = () => Date.now() } = options
  const audiences = typeof audience === 'string' ? [audience] : audience
  assertExact('issuer', issuer)
  if (!Array.isArray(audiences) || audiences.length === 0)
    throw new InvalidJwtOptionsError('audience is missing. Name who the tokens are for.')
  for (const one of audiences) assertExact('audience', one)
  const typ = options.typ ?? accessToken
  assertExact('typ', typ)
  const toleranceMs = toMilliseconds(options.tolerance ?? '5s')
  if (toleranceMs > toMilliseconds(maxTolerance))
    throw new InvalidJwtOptionsError(`tolerance is over ${maxTolerance}. Set the clocks instead.`)
  return {
    issuer,
    audiences,
    typ: normalizeType(typ),
    needsClient: normalizeType(typ) === accessToken,
    requiredClaims,
    maxLifetimeSeconds: toMilliseconds(options.dangerouslyLongLifetime ?? defaultMaxLifetime) / 1_000,
    toleranceSeconds: toleranceMs / 1_000,
    validate: validate as ((claims: Claims) => boolean) | undefined,
    clock,
  }
}

/** @throws {InvalidJwtOptionsError} */
export function resolveSigningOptions<Custom extends object>(options: JwtOptions<Custom>, policy: VerificationPolicy): SigningPolicy {
  const { lifetime = '10m', clientId = options.issuer, generateId = () => randomUUID() } = options
  return { lifetimeSeconds: toLifetimeSeconds(lifetime, policy.maxLifetimeSeconds), clientId, generateId }
}

/** @throws {InvalidJwtOptionsError} */
export function toLifetimeSeconds(lifetime: Duration, maxLifetimeSeconds: number): number {
  const seconds = Math.floor(toMilliseconds(lifetime) / 1_000)
  if (seconds < 1 || seconds > maxLifetimeSeconds) {
    throw new InvalidJwtOptionsError(
      `The lifetime ${JSON.stringify(lifetime)} is not 1 second to ${maxLifetimeSeconds} seconds. dangerouslyLongLifetime allows longer ones.`,
    )
  }
  return seconds
}

/** @throws {InvalidJwtOptionsError} */
export function resolveRemoteOptions<Custom extends object>(options: RemoteJwtOptions<Custom>): RemotePolicy {
  const { jwks, algorithms, fetch = globalThis.fetch, clock = () => Date.now(), maxKeys = 20 } = options
  if (!URL.canParse(jwks) || new URL(jwks).protocol !== 'https:') throw new InvalidJwtOptionsError('jwks is not an https URL.')
  if (algorithms.length === 0) throw new InvalidJwtOptionsError('algorithms is empty. Name what the issuer signs with.')
  if (algorithms.some((name) => !/^(?:[RE]S(?:256|384|512)|EdDSA|Ed25519)$/.test(name))) {
    throw new InvalidJwtOptionsError(
      'algorithms may name RS256, RS384, RS512, ES256, ES384, ES512, EdDSA and Ed25519: keys that may be published.',
    )
  }
  return {
    url: jwks,
    algorithms,
    fetch,
    clock,
    timeoutMs: toMilliseconds(options.timeout ?? '5s'),
    maxBytes: toBytes(options.maxSize ?? '64KB'),
    maxKeys,
    maxAgeMs: toMilliseconds(options.maxAge ?? '10m'),
    cooldownMs: toMilliseconds(options.cooldown ?? '30s'),
    staleIfErrorMs: toMilliseconds(options.staleIfError ?? '1h'),
  }
}

/** Exact text only: a pattern that matches too much is how an issuer is forged (CVE-2026-35040). */
function assertExact(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new InvalidJwtOptionsError(`${name} is not a string. It is compared exactly; patterns are not taken.`)
}
