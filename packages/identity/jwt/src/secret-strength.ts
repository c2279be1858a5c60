import { createPrivateKey, createPublicKey } from 'node:crypto'
import { WeakSecretError } from './errors.ts'

const minBitsPerByte = 3.5
/** Hex has 4 at most, and a random one of 64 digits falls under 3.5 now and then. */
const minBitsPerHexDigit = 3
const placeholder =
  /change.?me|change.?this|replace.?me|your[-_ ].{0,16}(?:secret|key)|super.?secret|my.?secret|placeholder|example|password/i

/** @throws {WeakSecretError} for a secret that is short, guessable, or a key document someone else may know */
export function assertStrongSecret(secret: Uint8Array, minBytes: number): void {
  const text = Buffer.from(secret).toString('latin1')
  const isHex = /^[0-9a-f]+$/i.test(text)
  const bytes = isHex ? Math.floor(secret.length / 2) : secret.length
  if (bytes < minBytes) throw new WeakSecretError(`has ${bytes} bytes${isHex ? ' in hex' : ''}, its algorithm needs ${minBytes}`)
  if (isKeyDocument(secret)) throw new WeakSecretError('is a PEM, DER, JWK or JWKS document')
  if (placeholder.test(text)) throw new WeakSecretError('looks like a placeholder')
  const isRegular = bitsPerByte(secret) < (isHex ? minBitsPerHexDigit : minBitsPerByte)
  if (isRegular || isPeriodic(text)) throw new WeakSecretError('is too regular to be random')
}

/** The lower of what the bytes and what the steps between them give: `abcdefgh…` has many letters and one step. */
function bitsPerByte(secret: Uint8Array): number {
  const bytes = [...secret]
  const steps = bytes.slice(1).map((byte, index) => byte - (bytes[index] ?? 0))
  return Math.min(entropy(bytes), entropy(steps))
}

/** Shannon's, of the frequencies seen. */
function entropy(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => bits - (count / values.length) * Math.log2(count / values.length), 0)
}

/** One shorter text written several times. */
function isPeriodic(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length
}

/** A public key used as an HMAC secret lets everyone sign (CVE-2023-48223). */
function isKeyDocument(secret: Uint8Array): boolean {
  const bytes = Buffer.from(secret)
  const text = bytes.toString('utf8')
  if (text.includes('-----BEGIN')) return true
  return isJwk(text.replace(/^\uFEFF/, '')) || isDer(bytes) || isDer(Buffer.from(text, 'base64'))
}

function isJwk(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && ('kty' in value || 'keys' in value)
  } catch {
    return false
  }
}

const derForms = [
  (key: Buffer) => createPublicKey({ key, format: 'der', type: 'spki' }),
  (key: Buffer) => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  (key: Buffer) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  (key: Buffer) => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
  (key: Buffer) => createPrivateKey({ key, format: 'der', type: 'sec1' }),
]

function isDer(bytes: Buffer): boolean {
  return derForms.some((read) => {
    try {
      return read(bytes) !== undefined
    } catch {
      return false
    }
  })
}
