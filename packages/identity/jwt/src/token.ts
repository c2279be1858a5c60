import { decodeBase64urlText } from './base64url.ts'
import { checkClaims, type Claims, type ClaimsPolicy } from './claims.ts'
import { JwtError, TokenMalformedError, TokenMissingError, TokenRejectedError } from './errors.ts'
import { kidPattern } from './keys.ts'
import type { VerifySignature } from './signature.ts'
import { parseStrictObject } from './strict-json.ts'

/** What became of a token. `error` has the status 401. */
export type TokenCheck<Custom extends object = object> =
  | { readonly ok: true; readonly claims: Claims & Custom }
  | { readonly ok: false; readonly error: JwtError }

export interface TokenHeader {
  readonly alg: string
  readonly kid: string | undefined
}

export interface OpenedToken {
  readonly header: TokenHeader
  readonly payload: string
  readonly signingInput: string
  readonly signature: string
}

export interface HeaderPolicy {
  /** Lower case, without `application/`. */
  typ: string
  /** Encoded headers that are known to be fine, made at boot. */
  known: ReadonlyMap<string, TokenHeader>
}

export const maxTokenBytes = 8_192

/** Headers that make a token bring its own key, or change how it is read (RFC 7515 §4.1, RFC 7797, RFC 7516). */
const refusedHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const

/** Reads everything of a token that can be read without a key. */
export function openToken(token: string | undefined, policy: HeaderPolicy): OpenedToken | JwtError {
  if (token === undefined) return new TokenMissingError()
  if (typeof token !== 'string' || token.length > maxTokenBytes) return new TokenMalformedError()
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second < first + 2 || second === token.length - 1) return new TokenMalformedError()
  if (token.includes('.', second + 1)) return new TokenMalformedError()
  const header = openHeader(token.slice(0, first), policy)
  if (header instanceof JwtError) return header
  return {
    header,
    payload: token.slice(first + 1, second),
    signingInput: token.slice(0, second),
    signature: token.slice(second + 1),
  }
}

/** Signature first, then the claims: nothing is said about the content of a token that is not genuine. */
export function checkToken<Custom extends object>(
  { payload, signingInput, signature }: OpenedToken,
  verify: VerifySignature,
  policy: ClaimsPolicy,
  nowMs: number,
): TokenCheck<Custom> {
  if (!verify(signingInput, signature)) return refuse(new TokenRejectedError('signature'))
  const text = decodeBase64urlText(payload)
  const claims = text === undefined ? undefined : parseStrictObject(text)
  if (!claims) return refuse(new TokenMalformedError())
  const error = checkClaims(claims, policy, nowMs / 1_000)
  return error ? refuse(error) : { ok: true, claims: claims as unknown as Claims & Custom }
}

export function refuse(error: JwtError): { readonly ok: false; readonly error: JwtError } {
  return { ok: false, error }
}

/** `at+jwt` and `application/at+jwt` are one type, whatever their case (RFC 7515 §4.1.9). */
export function normalizeType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

function openHeader(encoded: string, { typ, known }: HeaderPolicy): TokenHeader | JwtError {
  const ready = known.get(encoded)
  if (ready) return ready
  const text = decodeBase64urlText(encoded)
  const header = text === undefined ? undefined : parseStrictObject(text)
  if (!header) return new TokenMalformedError()
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) return new TokenRejectedError('header')
  const { alg, kid, typ: type } = header
  if (typeof alg !== 'string') return new TokenRejectedError('algorithm')
  if (kid !== undefined && !(typeof kid === 'string' && kidPattern.test(kid))) return new TokenRejectedError('key')
  if (typeof type !== 'string' || normalizeType(type) !== typ) return new TokenRejectedError('type')
  return { alg, kid }
}
