import { OrmError } from '../errors.ts'

/** A model has encrypted fields, and nothing was said about the keys. */
export class MissingKeysError extends OrmError {
  constructor(where: string) {
    super('orm/missing-keys', `${where} is encrypted, but there is no key service. Give one to orm({ keys }), or to useKeys().`)
  }
}

/** A value was encrypted under a key that is not there. */
export class UnknownKeyError extends OrmError {
  constructor(key: string, known: readonly string[]) {
    super(
      'orm/unknown-key',
      `There is no key '${key}'. Known are ${known.join(', ')}. A key is needed for as long as a value is stored under it.`,
    )
  }
}

/** A stored value is not what was once encrypted for this column. */
export class DecryptionFailedError extends OrmError {
  constructor(where: string, problem: string) {
    super('orm/decryption-failed', `${where}: ${problem}`)
  }
}

/** A key is unfit. */
export class InvalidKeyError extends OrmError {
  constructor(problem: string) {
    super('orm/invalid-key', problem)
  }
}

/** An encrypted field is compared, sorted or computed with: the same value is stored differently each time. */
export class EncryptedFieldError extends OrmError {
  constructor(where: string) {
    super(
      'orm/encrypted-field',
      `${where} is encrypted, so the engine can only tell whether it is null. Read the rows and compare here, or keep a hash of the value beside it.`,
      { statusCode: 400 },
    )
  }
}
