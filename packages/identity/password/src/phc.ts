import type { Argon2Parameters, Argon2Variant } from './argon2.ts'
import { UnsupportedHashError } from './errors.ts'

/** What a stored hash may ask for. Checked before any work is done for it. */
export const caps = { memory: 262_144, passes: 16, lanes: 8, minSalt: 8, maxSalt: 64, minTag: 16, maxTag: 64, text: 512 } as const

export interface StoredHash extends Argon2Parameters {
  variant: Argon2Variant
  version: 16 | 19
  /** Name of the pepper in front, the `keyid` of the PHC string. */
  pepper?: string
  salt: Buffer
  tag: Buffer
}

const shape =
  /^\$(argon2id|argon2i|argon2d)(?:\$v=(16|19))?\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})(?:,keyid=([A-Za-z0-9+/]{1,11}))?\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * Reads a PHC string of argon2.
 * @throws {UnsupportedHashError} for any other text, and for one beyond the caps
 */
export function parseHash(text: string): StoredHash {
  if (text.length > caps.text) throw new UnsupportedHashError(`has over ${caps.text} characters`)
  const match = shape.exec(text)
  if (!match) throw new UnsupportedHashError('is not an argon2 PHC string')
  const [, variant, version, memory, passes, lanes, pepper, salt, tag] = match
  return withinCaps({
    variant: variant as Argon2Variant,
    version: version === '19' ? 19 : 16,
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    ...(pepper !== undefined && { pepper: fromBase64(pepper).toString('latin1') }),
    salt: fromBase64(salt ?? ''),
    tag: fromBase64(tag ?? ''),
  })
}

export function formatHash({ variant, version, memory, passes, lanes, pepper, salt, tag }: StoredHash): string {
  const key = pepper === undefined ? '' : `,keyid=${toBase64(Buffer.from(pepper, 'latin1'))}`
  return `$${variant}$v=${version}$m=${memory},t=${passes},p=${lanes}${key}$${toBase64(salt)}$${toBase64(tag)}`
}

function withinCaps(hash: StoredHash): StoredHash {
  const { memory, passes, lanes, salt, tag } = hash
  if (memory > caps.memory || passes > caps.passes || lanes > caps.lanes) {
    throw new UnsupportedHashError(`asks for more than m=${caps.memory},t=${caps.passes},p=${caps.lanes}`)
  }
  if (memory < 8 * lanes) throw new UnsupportedHashError('asks for less memory than argon2 can work with')
  if (salt.length < caps.minSalt || salt.length > caps.maxSalt) throw new UnsupportedHashError('has a salt outside 8 to 64 bytes')
  if (tag.length < caps.minTag || tag.length > caps.maxTag) throw new UnsupportedHashError('has a tag outside 16 to 64 bytes')
  return hash
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (toBase64(bytes) !== text) throw new UnsupportedHashError('is not canonical base64')
  return bytes
}
