import type { FastifyReply } from 'fastify'

type ReplyWithHeaders = FastifyReply & Record<symbol, Record<string, unknown>>

let replyHeaders: symbol | undefined

/**
 * Sets many headers at once. `reply.headers()` sets them one by one on an object that grows with each: for fifteen of
 * them that was measured at 1.2 µs of 1.7 µs. Fastify keeps a reply's headers under a symbol it does not export.
 * @param headers names in lower case, without `set-cookie`, which collects its values
 */
export function assignHeaders(reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  replyHeaders ??= Object.getOwnPropertySymbols(reply).find(({ description }) => description === 'fastify.reply.headers')
  if (replyHeaders === undefined) {
    reply.headers(headers)
    return
  }
  const withHeaders = reply as ReplyWithHeaders
  const present = withHeaders[replyHeaders]
  withHeaders[replyHeaders] = hasNone(present) ? { ...headers } : { ...present, ...headers }
}

function hasNone(headers: object | undefined): boolean {
  for (const _name in headers) return false
  return true
}
