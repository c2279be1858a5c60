import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DecryptionFailedError, InvalidKeyError, UnknownKeyError } from './errors.ts'
import type { KeyService } from './key-service.ts'

export interface LocalKeysOptions {
  /** The key new values are encrypted under. */
  readonly current: string
  /** By name: 32 bytes, or the same in base64. Old keys stay for the values stored under them. */
  readonly keys: Readonly<Record<string, Uint8Array | string>>
}

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
const nameShape = /^[\w.-]{1,64}$/

/**
 * A key service that has its keys in memory: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce per value, good for
 * 2^32 values under one key.
 * @throws {InvalidKeyError}
 */
export function localKeys({ current, keys }: LocalKeysOptions): KeyService {
  const known = new Map(Object.entries(keys).map(([name, key]) => [name, keyOf(name, key)]))
  const key = (name: string): Uint8Array => {
    const found = known.get(name)
    if (!found) throw new UnknownKeyError(name, [...known.keys()])
    return found
  }
  key(current)
  return {
    encrypt(plain, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key(current), iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context))
      return { key: current, bytes: Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) }
    },
    decrypt({ key: name, bytes }, context) {
      const secret = key(name)
      const sealed = Buffer.from(bytes)
      if (sealed.length < ivBytes + tagBytes) throw new DecryptionFailedError(context, 'the stored value is too short.')
      const decipher = createDecipheriv(algorithm, secret, sealed.subarray(0, ivBytes), { authTagLength: tagBytes }).setAAD(
        Buffer.from(context),
      )
      decipher.setAuthTag(sealed.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()])
      } catch {
        throw new DecryptionFailedError(context, `the stored value is not what was encrypted under '${name}' for this column.`)
      }
    },
  }
}

function keyOf(name: string, key: Uint8Array | string): Uint8Array {
  if (!nameShape.test(name)) throw new InvalidKeyError(`'${name}' is no name for a key: take up to 64 letters, digits, '_', '.' and '-'.`)
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : key
  if (bytes.length !== keyBytes)
    throw new InvalidKeyError(`The key '${name}' has ${bytes.length} bytes instead of ${keyBytes}. Make one: openssl rand -base64 32.`)
  return bytes
}
