import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'

const acceptable = /^[\w-]{8,64}$/

/**
 * Ids from a prefix drawn at boot and a counter. The `X-Request-Id` of a trusted proxy is taken over when it is 8 to 64
 * word characters or hyphens.
 */
export function requestIds(isTrusted?: (address: string, hop: number) => boolean): (request: IncomingMessage) => string {
  const prefix = `${randomBytes(6).toString('base64url')}-`
  let count = 0
  const next = (): string => prefix + (count++).toString(36)
  if (!isTrusted) return next
  return (request) => {
    const given = request.headers['x-request-id']
    if (typeof given !== 'string' || !acceptable.test(given)) return next()
    return isTrusted(request.socket.remoteAddress ?? '', 0) ? given : next()
  }
}
