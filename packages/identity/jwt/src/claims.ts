import { TokenExpiredError, TokenRejectedError, type JwtError, type RejectionReason } from './errors.ts'

/** The claims of a verified token. */
export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Seconds since the epoch, as all times. */
  readonly exp: number
  readonly iat: number
  readonly nbf?: number
  readonly jti: string
  /** Always there in an access token (`typ: at+jwt`). */
  readonly client_id?: string
  readonly [claim: string]: unknown
}

/** What `sign` writes itself. */
export const reservedClaims = ['iss', 'aud', 'exp', 'iat', 'jti', 'client_id'] as const

export type SignClaims<Custom extends object> = { sub: string; nbf?: number } & { [K in (typeof reservedClaims)[number]]?: never } & Custom

export type ClaimsGuard<Custom extends object> = (claims: Claims) => claims is Claims & Custom

export interface ClaimsPolicy {
  issuer: string
  audiences: readonly string[]
  needsClient: boolean
  requiredClaims: readonly string[]
  maxLifetimeSeconds: number
  toleranceSeconds: number
  validate: ((claims: Claims) => boolean) | undefined
}

/** Everything in order, one fact per check, expiry last: `expired` then means genuine. */
export function checkClaims(claims: Record<string, unknown>, policy: ClaimsPolicy, nowSeconds: number): JwtError | undefined {
  const reason = identityFault(claims, policy) ?? timeFault(claims, policy, nowSeconds) ?? customFault(claims, policy)
  if (reason) return new TokenRejectedError(reason)
  if (nowSeconds - policy.toleranceSeconds >= (claims['exp'] as number)) return new TokenExpiredError()
  return undefined
}

function identityFault(claims: Record<string, unknown>, policy: ClaimsPolicy): RejectionReason | undefined {
  if (claims['iss'] !== policy.issuer) return 'issuer'
  if (!isFor(claims['aud'], policy.audiences)) return 'audience'
  if (!isText(claims['sub'])) return 'subject'
  if (!isText(claims['jti'])) return 'id'
  if (policy.needsClient ? !isText(claims['client_id']) : claims['client_id'] !== undefined && !isText(claims['client_id'])) return 'client'
  return undefined
}

function timeFault({ exp, iat, nbf }: Record<string, unknown>, policy: ClaimsPolicy, nowSeconds: number): RejectionReason | undefined {
  if (!isTime(exp) || !isTime(iat) || !(nbf === undefined || isTime(nbf))) return 'times'
  if (exp <= iat || exp - iat > policy.maxLifetimeSeconds) return 'lifetime'
  const latest = nowSeconds + policy.toleranceSeconds
  if (iat > latest || (nbf !== undefined && nbf > latest)) return 'not-yet-valid'
  return undefined
}

function customFault(claims: Record<string, unknown>, { requiredClaims, validate }: ClaimsPolicy): RejectionReason | undefined {
  if (!requiredClaims.every((name) => Object.hasOwn(claims, name))) return 'required-claim'
  if (validate && !validate(claims as unknown as Claims)) return 'validate'
  return undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Exact, and a list with anything but strings in it is for nobody. */
function isFor(audience: unknown, accepted: readonly string[]): boolean {
  if (typeof audience === 'string') return accepted.includes(audience)
  return Array.isArray(audience) && audience.every((one) => typeof one === 'string') && audience.some((one) => accepted.includes(one))
}
