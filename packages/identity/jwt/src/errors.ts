import { CovetError } from '@covet/core'

/** What a rejected token failed at: for the log, never for the client. */
export type RejectionReason =
  | 'header'
  | 'type'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'subject'
  | 'id'
  | 'client'
  | 'times'
  | 'lifetime'
  | 'not-yet-valid'
  | 'required-claim'
  | 'validate'

/** The base of what `verify` returns for a token that is not accepted: status 401. */
export class JwtError extends CovetError {
  constructor(code: string, message: string, challenge: string) {
    super(code, message, { statusCode: 401, headers: { 'www-authenticate': challenge } })
  }
}

/** RFC 6750 §3.1. */
const invalidToken = 'Bearer error="invalid_token"'

/** There was no token to verify. */
export class TokenMissingError extends JwtError {
  constructor() {
    super('jwt/missing', 'This needs an access token. Send one in the Authorization header.', 'Bearer')
  }
}

/** The text is not a compact JWS of strict JSON objects. */
export class TokenMalformedError extends JwtError {
  constructor() {
    super('jwt/malformed', 'The access token is not valid.', invalidToken)
  }
}

/** The token is genuine and past its `exp`. */
export class TokenExpiredError extends JwtError {
  constructor() {
    super('jwt/expired', 'The access token has expired.', invalidToken)
  }
}

/** The token breaks a rule; `reason` says which, for the log. */
export class TokenRejectedError extends JwtError {
  readonly reason: RejectionReason

  constructor(reason: RejectionReason) {
    super('jwt/rejected', 'The access token is not valid.', invalidToken)
    this.reason = reason
  }
}

/** The issuer's key set cannot be had and none is cached that may still be used. */
export class KeysUnavailableError extends CovetError {
  constructor(url: string, cause?: unknown) {
    super('jwt/keys-unavailable', `The key set at ${url} cannot be had, so tokens cannot be verified right now.`, {
      statusCode: 503,
      headers: { 'retry-after': '30' },
      cause,
    })
  }
}

/** The options cannot be used; found at boot. */
export class InvalidJwtOptionsError extends CovetError {
  constructor(message: string) {
    super('jwt/invalid-options', message)
  }
}

/** A key does not fit its algorithm or is too weak; found at boot. */
export class InvalidKeyError extends CovetError {
  constructor(fact: string, cause?: unknown) {
    super('jwt/invalid-key', `A key for tokens ${fact}.`, { cause })
  }
}

/** An HMAC secret is short, guessable, or in truth a key document; found at boot. */
export class WeakSecretError extends CovetError {
  constructor(fact: string) {
    super(
      'jwt/weak-secret',
      `An HMAC secret for tokens ${fact}. Make one with: node -e "console.log(crypto.randomBytes(64).toString('base64url'))"`,
    )
  }
}

/** `sign` was called and every configured key only verifies. */
export class NoSigningKeyError extends CovetError {
  constructor() {
    super('jwt/no-signing-key', 'None of the keys can sign. Add one with a secret or a privateKey.')
  }
}

/** `sign` was given claims that its own `verify` would refuse. */
export class InvalidClaimsError extends CovetError {
  constructor(fact: string) {
    super('jwt/invalid-claims', `The claims cannot be signed: ${fact}.`)
  }
}
