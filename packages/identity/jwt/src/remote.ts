import { headerNames } from './algorithms.ts'
import { JwtError, TokenRejectedError } from './errors.ts'
import { resolveRemoteOptions, resolveVerificationOptions, type RemoteJwtOptions } from './options.ts'
import { RemoteKeys } from './remote-keys.ts'
import { checkToken, openToken, refuse, type TokenCheck } from './token.ts'

/** Verifies the tokens of another issuer with the keys it publishes. */
export interface RemoteJwt<Custom extends object = Record<string, unknown>> {
  /**
   * The outcome for what a client sent is a value.
   * @throws {KeysUnavailableError} when the issuer's keys cannot be had: an outage is not the client's fault
   */
  verify(token: string | undefined): Promise<TokenCheck<Custom>>
}

/** @throws {InvalidJwtOptionsError} */
export function createRemoteJwt<Custom extends object = Record<string, unknown>>(options: RemoteJwtOptions<Custom>): RemoteJwt<Custom> {
  const policy = resolveVerificationOptions(options)
  const remote = resolveRemoteOptions(options)
  const keys = new RemoteKeys(remote)
  const accepted = new Set<string>(remote.algorithms.flatMap(headerNames))
  const headerPolicy = { typ: policy.typ, known: new Map() }

  return {
    async verify(token) {
      const opened = openToken(token, headerPolicy)
      if (opened instanceof JwtError) return refuse(opened)
      if (!accepted.has(opened.header.alg)) return refuse(new TokenRejectedError('algorithm'))
      const verify = await keys.find(opened.header)
      if (!verify) return refuse(new TokenRejectedError('key'))
      return checkToken(opened, verify, policy, policy.clock())
    },
  }
}
