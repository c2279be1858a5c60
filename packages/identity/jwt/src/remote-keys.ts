import { KeyObject, type webcrypto } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import type { PublicKeyAlgorithm } from './algorithms.ts'
import { InvalidKeyError, KeysUnavailableError } from './errors.ts'
import { fetchKeySet } from './fetch-key-set.ts'
import { assertKeyFits } from './key-strength.ts'
import type { RemotePolicy } from './options.ts'
import { createVerify, type VerifySignature } from './signature.ts'
import type { TokenHeader } from './token.ts'

interface KeySet {
  readonly fetchedAt: number
  /** jose's choice of the one key that fits `alg`, `kid`, `use` and `key_ops`. */
  readonly resolve: (header: { alg: string; kid?: string }) => Promise<webcrypto.CryptoKey>
  /** Keys already used, ready for node:crypto. At most as many as the set has. */
  readonly ready: Map<string, VerifySignature>
}

/** The keys an issuer publishes: fetched when needed, never more than once per cool-down, kept through its outages. */
export class RemoteKeys {
  readonly #policy: RemotePolicy
  #set: KeySet | undefined
  #pending: Promise<void> | undefined
  #attemptedAt = Number.NEGATIVE_INFINITY
  #failure: { cause: unknown } | undefined

  constructor(policy: RemotePolicy) {
    this.#policy = policy
  }

  /**
   * `undefined` when the issuer publishes no key for this header.
   * @throws {KeysUnavailableError}
   */
  async find(header: TokenHeader): Promise<VerifySignature | undefined> {
    if (this.#age() >= this.#policy.maxAgeMs) await this.#refresh()
    const set = this.#usable()
    const known = await lookUp(set, header)
    if (known) return known
    await this.#refresh()
    // Without a fresh set nobody knows whether the key is forged or new: that is an outage, not a bad token.
    if (this.#failure) throw new KeysUnavailableError(this.#policy.url, this.#failure.cause)
    return this.#set === set ? undefined : lookUp(this.#usable(), header)
  }

  #age(): number {
    return this.#set ? this.#policy.clock() - this.#set.fetchedAt : Number.POSITIVE_INFINITY
  }

  #usable(): KeySet {
    const { url, maxAgeMs, staleIfErrorMs } = this.#policy
    if (!this.#set || this.#age() > maxAgeMs + staleIfErrorMs) throw new KeysUnavailableError(url, this.#failure?.cause)
    return this.#set
  }

  async #refresh(): Promise<void> {
    if (!this.#pending) {
      if (this.#policy.clock() - this.#attemptedAt < this.#policy.cooldownMs) return
      this.#attemptedAt = this.#policy.clock()
      this.#pending = this.#fetch().finally(() => (this.#pending = undefined))
    }
    await this.#pending
  }

  async #fetch(): Promise<void> {
    try {
      const keySet = await fetchKeySet(this.#policy)
      // Loaded here, not at the top: an application that only uses its own keys does not pay for jose.
      const { createLocalJWKSet } = await import('jose')
      const resolve = createLocalJWKSet(keySet as unknown as JSONWebKeySet)
      this.#set = { fetchedAt: this.#policy.clock(), resolve, ready: new Map() }
      this.#failure = undefined
    } catch (cause) {
      this.#failure = { cause }
    }
  }
}

async function lookUp({ resolve, ready }: KeySet, { alg, kid }: TokenHeader): Promise<VerifySignature | undefined> {
  const name = `${alg} ${kid ?? ''}`
  const known = ready.get(name)
  if (known) return known
  const { errors } = await import('jose')
  try {
    const key = KeyObject.from(await resolve({ alg, ...(kid !== undefined && { kid }) }))
    assertKeyFits(key, alg as PublicKeyAlgorithm)
    const verify = createVerify(alg as PublicKeyAlgorithm, key)
    ready.set(name, verify)
    return verify
  } catch (error) {
    // No key, several keys, one that cannot be read or is not fit for use: for this token there is none.
    if (error instanceof errors.JOSEError || error instanceof DOMException || error instanceof InvalidKeyError) return undefined
    throw error
  }
}
