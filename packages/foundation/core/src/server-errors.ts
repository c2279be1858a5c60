import type { FastifyError } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from './problem.ts'

type ParserError = Pick<FastifyError, 'code'>

const parserProblems: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'http/request-timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'http/headers-too-large', 'The header section is larger than this server accepts.'],
}
const malformed = [400, 'http/malformed-request', 'The request is not valid HTTP.'] as const

/** The response a connection is sending, if any. */
type HttpSocket = Duplex & { _httpMessage?: { headersSent: boolean } | null }

/** Answers what Node's parser refused: nothing that follows on the connection is read. */
export function answerClientError(error: ParserError, socket: HttpSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // In the middle of another answer this one would be read as a part of it.
  if (!socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy()
    return
  }
  const [status, code, detail] = parserProblems[error.code] ?? malformed
  socket.end(rawProblem(status, code, detail), () => socket.destroy())
}

export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end(rawProblem(405, 'http/method-not-allowed', 'This method is not allowed here.'), () => socket.destroy())
}

function rawProblem(status: number, code: string, detail: string): string {
  const title = STATUS_CODES[status] ?? 'Error'
  const problem: Omit<Problem, 'instance'> = { type: 'about:blank', title, status, detail, code }
  const body = JSON.stringify(problem)
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
