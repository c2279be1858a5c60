import { timingSafeEqual } from 'node:crypto'
import type { Argon2Parameters } from './argon2.ts'
import { Gate } from './gate.ts'
import { normalizePassword } from './normalize.ts'
import { resolvePasswordOptions, type PasswordOptions } from './options.ts'
import { formatHash, parseHash, type StoredHash } from './phc.ts'
import type { Policy } from './policy.ts'

export interface HashCallOptions {
  /** Takes the call out of the queue; a hash already being computed runs to its end. */
  signal?: AbortSignal
}

export interface PasswordCheck {
  readonly ok: boolean
  /** The password is right and its hash is not what `hash` would make today: hash it again and store that. */
  readonly needsRehash: boolean
}

export interface Passwords {
  /**
   * The PHC string to store. Does not apply the policy.
   * @throws {PasswordTooLongError} before any hashing
   * @throws {PasswordGateFullError}
   */
  hash(password: string, options?: HashCallOptions): Promise<string>
  /**
   * Whether the password is the one that was hashed. Without a stored hash (an unknown user) it does the same work and says no.
   * @throws {UnsupportedHashError} when the stored hash cannot be read or exceeds the caps, before any hashing
   * @throws {PasswordTooLongError} before any hashing
   * @throws {PasswordGateFullError}
   */
  verify(password: string, stored: string | null | undefined, options?: HashCallOptions): Promise<PasswordCheck>
  /** @throws an error with status 400 that names the broken rule */
  assertAcceptable: Policy
  /** Refuses new calls and resolves when those under way have finished. */
  close(): Promise<void>
}

const saltBytes = 16
const tagBytes = 32

/** @throws {InvalidPasswordOptionsError} */
export function createPasswords(options: PasswordOptions = {}): Passwords {
  const { parameters, pepper, assertAcceptable, gate: limits, derive, randomBytes } = resolvePasswordOptions(options)
  const gate = new Gate(limits)
  const dummy = freshHash(randomBytes(tagBytes))

  function freshHash(tag: Buffer): StoredHash {
    return {
      variant: 'argon2id',
      version: 19,
      ...parameters,
      ...(pepper.current !== undefined && { pepper: pepper.current }),
      salt: randomBytes(saltBytes),
      tag,
    }
  }

  async function computeTag(input: Buffer, hash: StoredHash, signal: AbortSignal | undefined): Promise<Buffer> {
    const tag = await gate.run(() => derive(input, { ...hash, length: hash.tag.length }), signal)
    return Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength)
  }

  return {
    async hash(password, { signal } = {}) {
      const hash = freshHash(Buffer.alloc(tagBytes))
      const input = pepper.apply(normalizePassword(password), hash.pepper)
      return formatHash({ ...hash, tag: await computeTag(input, hash, signal) })
    },

    async verify(password, stored, { signal } = {}) {
      const isKnown = stored !== undefined && stored !== null
      const hash = isKnown ? parseHash(stored) : dummy
      const input = pepper.apply(normalizePassword(password), hash.pepper)
      const isEqual = timingSafeEqual(await computeTag(input, hash, signal), hash.tag)
      const ok = isEqual && isKnown
      return { ok, needsRehash: ok && !isCurrent(hash, parameters, pepper.current) }
    },

    assertAcceptable,
    close: () => gate.close(),
  }
}

function isCurrent(hash: StoredHash, parameters: Argon2Parameters, pepper: string | undefined): boolean {
  return (
    hash.variant === 'argon2id' &&
    hash.version === 19 &&
    hash.memory === parameters.memory &&
    hash.passes === parameters.passes &&
    hash.lanes === parameters.lanes &&
    hash.pepper === pepper &&
    hash.salt.length >= saltBytes &&
    hash.tag.length >= tagBytes
  )
}
