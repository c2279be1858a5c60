import { CovetError } from '@covet/core'

/** The password has fewer code points than the policy asks for. */
export class PasswordTooShortError extends CovetError {
  constructor(minLength: number) {
    super('password/too-short', `The password is too short. Use at least ${minLength} characters.`, {
      statusCode: 400,
      extensions: { minLength },
    })
  }
}

/** The password is longer than 256 code points or 1,024 bytes after normalisation. */
export class PasswordTooLongError extends CovetError {
  constructor() {
    super('password/too-long', 'The password is too long. Use at most 256 characters.', { statusCode: 400 })
  }
}

/** The password is not a string of whole Unicode characters. */
export class PasswordMalformedError extends CovetError {
  constructor() {
    super('password/malformed', 'The password is not valid text. Send a string of Unicode characters.', { statusCode: 400 })
  }
}

/** The password consists of common words, words about its owner, digits, or one repeated or counted-up character. */
export class PasswordTooCommonError extends CovetError {
  constructor() {
    super('password/too-common', 'The password is easy to guess. Use words that have nothing to do with you or this service.', {
      statusCode: 400,
    })
  }
}

/** Every hash that may be computed at once is, and the queue is full or the wait was too long. */
export class PasswordGateFullError extends CovetError {
  constructor() {
    super('password/gate-full', 'Too many passwords are being checked right now. Try again in a second.', {
      statusCode: 503,
      headers: { 'retry-after': '1' },
    })
  }
}

/** A password was handed over after `close()`. */
export class PasswordsClosedError extends CovetError {
  constructor() {
    super('password/closed', 'Password hashing is closed: the application is shutting down.', {
      statusCode: 503,
      headers: { 'retry-after': '1' },
    })
  }
}

/** A stored hash is in an unknown format or asks for more than the caps allow. The hash itself is not in the message. */
export class UnsupportedHashError extends CovetError {
  constructor(fact: string) {
    super('password/unsupported-hash', `A stored password hash ${fact}. Reset that account's password.`)
  }
}

/** A stored hash names a pepper that is not configured. */
export class UnknownPepperError extends CovetError {
  constructor(name: string) {
    super(
      'password/unknown-pepper',
      `A stored password hash needs the pepper ${JSON.stringify(name)}, which is not in pepper.keys. Add it back until every hash has moved on.`,
    )
  }
}

/** The options of `createPasswords` cannot be used; found at boot. */
export class InvalidPasswordOptionsError extends CovetError {
  constructor(message: string) {
    super('password/invalid-options', message)
  }
}
