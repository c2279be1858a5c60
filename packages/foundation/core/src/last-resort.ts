import type { FastifyReply, FastifyRequest } from 'fastify'
import { CovetError } from './errors.ts'
import { toProblem } from './problem.ts'

/** What Fastify calls when answering an error has failed: its own would send that error's message to the client. */
const lastResort = {
  func(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    request.log.error({ err: error }, 'a hook failed on an error answer')
    const body = JSON.stringify(toProblem(new CovetError('http/internal-error', '', { cause: error }), request.id))
    reply.hijack()
    if (reply.raw.headersSent) {
      reply.raw.destroy()
      return
    }
    reply.raw.writeHead(500, { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) })
    reply.raw.end(body)
  },
}

/**
 * Puts {@link lastResort} behind the error handler that runs now. Fastify chains error handlers by context and keeps the
 * next one on the reply, under a symbol it does not export.
 */
export function armLastResort(reply: FastifyReply): void {
  const next = Object.getOwnPropertySymbols(reply).find(({ description }) => description === 'fastify.reply.nextErrorHandler')
  if (next) Object.assign(reply, { [next]: lastResort })
}
