/** A value as a key service encrypted it. */
export interface Sealed {
  /** Which key; at most 64 letters, digits, `_`, `.` and `-`. */
  readonly key: string
  readonly bytes: Uint8Array
}

/**
 * Encrypts the fields that models mark as encrypted. Synchronous, since rows become instances at once: a service behind a
 * network keeps its data keys at hand.
 */
export interface KeyService {
  /** Under the current key. @param context what the value belongs to; it is not stored, and decrypting needs the same */
  encrypt(plain: Uint8Array, context: string): Sealed
  /** @throws when the key is not there, or the bytes are not what was encrypted in this context */
  decrypt(sealed: Sealed, context: string): Uint8Array
}

let current: KeyService | undefined

/**
 * Sets the key service for the encrypted fields of all models of the process.
 * @returns a function that sets the one before again
 */
export function useKeys(service: KeyService): () => void {
  const before = current
  current = service
  return () => {
    current = before
  }
}

export function keyService(): KeyService | undefined {
  return current
}
