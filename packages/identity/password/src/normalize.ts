import { PasswordMalformedError, PasswordTooLongError } from './errors.ts'

export const maxCodePoints = 256
export const maxBytes = 1_024

/**
 * The form of a password that is hashed and measured: NFKC, otherwise untouched (NIST SP 800-63B §3.1.1.2).
 * @throws {PasswordMalformedError} for a lone surrogate: two different ones would become one password
 * @throws {PasswordTooLongError}
 */
export function normalizePassword(input: string): string {
  if (typeof input !== 'string') throw new PasswordMalformedError()
  // Before the work: a code point is at most two units long, and composing shrinks 256 of them from 768 at most.
  if (input.length > maxBytes) throw new PasswordTooLongError()
  if (!input.isWellFormed()) throw new PasswordMalformedError()
  const password = input.normalize('NFKC')
  if (Buffer.byteLength(password) > maxBytes || countCodePoints(password) > maxCodePoints) throw new PasswordTooLongError()
  return password
}

export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
