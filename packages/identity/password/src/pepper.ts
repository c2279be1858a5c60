import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { Secret } from '@covet/core'
import { InvalidPasswordOptionsError, UnknownPepperError } from './errors.ts'

export type PepperKey = string | Uint8Array | Secret | Secret<Uint8Array>

export interface PepperOptions {
  /** Name of the key that new hashes use. */
  current: string
  /** Keys of at least 32 bytes by name. A name is 1 to 8 of `A–Z a–z 0–9 . _ -` and is stored with each hash. */
  keys: Readonly<Record<string, PepperKey>>
}

/** A secret kept outside the database, mixed into passwords before they are hashed. */
export interface Pepper {
  readonly current: string | undefined
  /** @throws {UnknownPepperError} */
  apply(password: string, name: string | undefined): Buffer
}

const minKeyBytes = 32

/** @throws {InvalidPasswordOptionsError} */
export function createPepper(options: PepperOptions | undefined): Pepper {
  const keys = new Map(Object.entries(options?.keys ?? {}).map(([name, key]) => [name, loadKey(name, key)]))
  if (options && !keys.has(options.current)) {
    throw new InvalidPasswordOptionsError(`pepper.current is ${JSON.stringify(options.current)}, which is not in pepper.keys.`)
  }
  return {
    current: options?.current,
    apply(password, name) {
      if (name === undefined) return Buffer.from(password)
      const key = keys.get(name)
      if (!key) throw new UnknownPepperError(name)
      return createHmac('sha256', key).update(password).digest()
    },
  }
}

function loadKey(name: string, key: PepperKey): KeyObject {
  if (!/^[\w.-]{1,8}$/.test(name)) {
    throw new InvalidPasswordOptionsError(`The pepper name ${JSON.stringify(name)} is not 1 to 8 of A–Z a–z 0–9 . _ -`)
  }
  const revealed = key instanceof Secret ? key.reveal() : key
  const bytes = typeof revealed === 'string' ? Buffer.from(revealed) : revealed
  if (bytes.length < minKeyBytes) {
    throw new InvalidPasswordOptionsError(
      `The pepper ${JSON.stringify(name)} has ${bytes.length} bytes. Use at least ${minKeyBytes} random ones.`,
    )
  }
  return createSecretKey(bytes)
}
