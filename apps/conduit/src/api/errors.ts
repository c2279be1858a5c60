import { CovetError, type CovetErrorOptions } from '@covet/core'

/** What is wrong, by field or subject. The API answers it as `{ "errors": { "title": ["can't be blank"] } }`. */
export type ErrorMessages = Readonly<Record<string, readonly string[]>>

/** The base of the refusals that the API's contract names. */
export class ConduitError extends CovetError {
  readonly errors: ErrorMessages

  constructor(code: string, errors: ErrorMessages, options: CovetErrorOptions) {
    const [subject, messages] = Object.entries(errors)[0] ?? []
    super(code, `${subject} ${messages?.[0]}`, options)
    this.errors = errors
  }
}

/** RFC 9110 §11.6.1: every 401 says how to sign in. */
const challenge = { 'www-authenticate': 'Token' }

/** The request's token is missing, forged or too old. */
export class TokenRefusedError extends ConduitError {
  constructor(reason: 'is missing' | 'is invalid' | 'has expired', cause?: unknown) {
    super('conduit/token-refused', { token: [reason] }, { statusCode: 401, headers: challenge, cause })
  }
}

/** A sign-in whose e-mail or password is wrong; which of them is not said. */
export class WrongCredentialsError extends ConduitError {
  constructor() {
    super('conduit/wrong-credentials', { credentials: ['invalid'] }, { statusCode: 401, headers: challenge })
  }
}

/** It exists, and it is somebody else's. */
export class NotYoursError extends ConduitError {
  constructor(subject: 'article' | 'comment') {
    super('conduit/not-yours', { [subject]: ['forbidden'] }, { statusCode: 403 })
  }
}

/** Nothing has this name, slug or id. */
export class NoSuchThingError extends ConduitError {
  constructor(subject: 'article' | 'comment' | 'profile') {
    super('conduit/no-such-thing', { [subject]: ['not found'] }, { statusCode: 404 })
  }
}

/** Another user has the name or the e-mail. */
export class TakenError extends ConduitError {
  constructor(fields: readonly string[]) {
    super('conduit/taken', Object.fromEntries(fields.map((field) => [field, ['has already been taken']])), { statusCode: 409 })
  }
}
