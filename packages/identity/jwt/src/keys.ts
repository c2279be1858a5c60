import { createPrivateKey, createPublicKey, createSecretKey, KeyObject, type JsonWebKey } from 'node:crypto'
import { Secret } from '@covet/core'
import { algorithms, headerNames, isAlgorithm, type Algorithm, type HmacAlgorithm, type PublicKeyAlgorithm } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { InvalidJwtOptionsError, InvalidKeyError } from './errors.ts'
import { assertKeyFits } from './key-strength.ts'
import { assertStrongSecret } from './secret-strength.ts'
import { createSign, createVerify, type Sign, type VerifySignature } from './signature.ts'

/** Bytes, text whose UTF-8 bytes are the secret, or a JWK of type `oct`; each may be a core `Secret`. */
export type SecretMaterial = string | Uint8Array | JsonWebKey | Secret<string | Uint8Array | JsonWebKey> | Secret | Secret<Uint8Array>
/** PEM, a JWK or a KeyObject; each may be a core `Secret`. */
export type KeyMaterial = string | JsonWebKey | KeyObject | Secret<string | JsonWebKey> | Secret | Secret<JsonWebKey>

interface NamedKey {
  /** Key id: 1 to 64 of `A–Z a–z 0–9 _ . -`. Needed as soon as there are two keys. */
  kid?: string
}
export interface SecretKeyDefinition extends NamedKey {
  algorithm: HmacAlgorithm
  secret: SecretMaterial
}
export interface PrivateKeyDefinition extends NamedKey {
  algorithm: PublicKeyAlgorithm
  /** Signs, and its public half verifies. */
  privateKey: KeyMaterial
}
export interface PublicKeyDefinition extends NamedKey {
  algorithm: PublicKeyAlgorithm
  publicKey: KeyMaterial
}
export type KeyDefinition = SecretKeyDefinition | PrivateKeyDefinition | PublicKeyDefinition

/** A key made ready at boot. */
export interface LoadedKey {
  readonly kid: string | undefined
  readonly algorithm: Algorithm
  /** Header names it verifies. */
  readonly accepts: readonly string[]
  readonly verify: VerifySignature
  readonly sign?: Sign
  /** The public half as a JWK; a secret has none. */
  readonly publicJwk?: JsonWebKey
  /** What verifies: the secret, or the public key. */
  readonly material: KeyObject
}

export const kidPattern: RegExp = /^[\w.-]{1,64}$/

/** @throws {InvalidJwtOptionsError} @throws {InvalidKeyError} @throws {WeakSecretError} */
export function loadKeys(definitions: readonly KeyDefinition[]): readonly LoadedKey[] {
  if (definitions.length === 0) throw new InvalidJwtOptionsError('keys is empty. Give at least one key.')
  const keys = definitions.map(loadKey)
  for (const [index, key] of keys.entries()) {
    const others = keys.slice(index + 1)
    if (keys.length > 1 && key.kid === undefined) throw new InvalidJwtOptionsError('With more than one key, each needs a kid.')
    if (others.some(({ kid }) => kid === key.kid)) throw new InvalidJwtOptionsError(`Two keys have the kid ${JSON.stringify(key.kid)}.`)
    if (others.some(({ material }) => isSame(material, key.material))) {
      throw new InvalidKeyError(`is listed twice, once as ${JSON.stringify(key.kid)}. One key has one algorithm and one kid`)
    }
  }
  return keys
}

function loadKey(definition: KeyDefinition): LoadedKey {
  const { kid, algorithm } = definition
  if (!isAlgorithm(algorithm)) {
    throw new InvalidJwtOptionsError(
      `There is no algorithm ${JSON.stringify(algorithm)}. Use one of ${Object.keys(algorithms).join(', ')}.`,
    )
  }
  if (kid !== undefined && !kidPattern.test(kid)) {
    throw new InvalidJwtOptionsError(`The kid ${JSON.stringify(kid)} is not 1 to 64 of A–Z a–z 0–9 _ . -`)
  }
  const facts = algorithms[algorithm]
  if ('secret' in definition) {
    if (facts.family !== 'hmac') throw new InvalidKeyError(`is a secret, which ${algorithm} does not use. Give a privateKey or a publicKey`)
    return loadSecret(definition, facts.minSecretBytes)
  }
  if (facts.family === 'hmac') throw new InvalidKeyError(`is not a secret, which ${algorithm} needs`)
  return 'privateKey' in definition ? loadPrivateKey(definition) : loadPublicKey(definition)
}

function loadSecret({ kid, algorithm, secret }: SecretKeyDefinition, minBytes: number): LoadedKey {
  const bytes = secretBytes(reveal(secret), algorithm)
  assertStrongSecret(bytes, minBytes)
  const material = createSecretKey(bytes)
  return { ...verifying(kid, algorithm, material), sign: createSign(algorithm, material) }
}

function loadPrivateKey({ kid, algorithm, privateKey }: PrivateKeyDefinition): LoadedKey {
  const key = read(reveal(privateKey), 'private', algorithm)
  const publicKey = createPublicKey(key)
  assertKeyFits(publicKey, algorithm)
  return { ...verifying(kid, algorithm, publicKey), sign: createSign(algorithm, key), publicJwk: toJwk(publicKey, kid, algorithm) }
}

function loadPublicKey({ kid, algorithm, publicKey }: PublicKeyDefinition): LoadedKey {
  const key = read(reveal(publicKey), 'public', algorithm)
  assertKeyFits(key, algorithm)
  return { ...verifying(kid, algorithm, key), publicJwk: toJwk(key, kid, algorithm) }
}

function verifying(kid: string | undefined, algorithm: Algorithm, material: KeyObject): LoadedKey {
  return { kid, algorithm, accepts: headerNames(algorithm), verify: createVerify(algorithm, material), material }
}

function toJwk(key: KeyObject, kid: string | undefined, alg: Algorithm): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), ...(kid !== undefined && { kid }), alg, use: 'sig' }
}

function reveal<T>(material: T | Secret<T> | Secret): T {
  return (material instanceof Secret ? material.reveal() : material) as T
}

function secretBytes(secret: string | Uint8Array | JsonWebKey, algorithm: Algorithm): Uint8Array {
  if (typeof secret === 'string') return Buffer.from(secret)
  if (secret instanceof Uint8Array) return secret
  assertJwkPurpose(secret, algorithm)
  const bytes = secret.kty === 'oct' && typeof secret.k === 'string' ? decodeBase64url(secret.k) : undefined
  if (!bytes) throw new InvalidKeyError('is not a JWK of type oct')
  return bytes
}

function read(material: string | JsonWebKey | KeyObject, kind: 'private' | 'public', algorithm: Algorithm): KeyObject {
  if (!(material instanceof KeyObject) && typeof material !== 'string') assertJwkPurpose(material, algorithm)
  try {
    if (kind === 'private') return readPrivate(material)
    return material instanceof KeyObject && material.type === 'public' ? material : createPublicKey(toInput(material))
  } catch (cause) {
    throw new InvalidKeyError(`cannot be read as a ${kind} key. Give PEM, a JWK or a KeyObject`, cause)
  }
}

function readPrivate(material: string | JsonWebKey | KeyObject): KeyObject {
  if (!(material instanceof KeyObject)) return createPrivateKey(toInput(material) as string)
  if (material.type !== 'private') throw new TypeError(`It is a ${material.type} key.`)
  return material
}

type KeyInput = Parameters<typeof createPublicKey>[0]

function toInput(material: string | JsonWebKey | KeyObject): KeyInput {
  return typeof material === 'string' || material instanceof KeyObject ? material : { key: material, format: 'jwk' }
}

/** A JWK may say what it is for (RFC 7517 §4.2–4.4); then it is for nothing else. */
function assertJwkPurpose({ use, key_ops: operations, alg }: JsonWebKey, algorithm: Algorithm): void {
  if (use !== undefined && use !== 'sig') throw new InvalidKeyError(`is a JWK for the use ${JSON.stringify(use)}, not for signatures`)
  if (Array.isArray(operations) && !operations.includes('sign') && !operations.includes('verify')) {
    throw new InvalidKeyError('is a JWK whose key_ops include neither sign nor verify')
  }
  if (alg !== undefined && !(headerNames(algorithm) as readonly unknown[]).includes(alg)) {
    throw new InvalidKeyError(`is a JWK for ${JSON.stringify(alg)}, not for ${algorithm}`)
  }
}

function isSame(one: KeyObject, other: KeyObject): boolean {
  return one.type === other.type && one.equals(other)
}
