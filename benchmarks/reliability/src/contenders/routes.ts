import type { FastifyInstance } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'

/** One for all responses, so that memory shows what the server keeps beside it. More than the kernel buffers of a connection hold. */
const big = Buffer.alloc(32_000_000, 'x')

/** The routes both contenders have. */
export function routes(app: FastifyInstance): void {
  let inFlight = 0
  let readers = 0
  const aborts: Record<string, number> = {}

  app.get('/ping', () => 'pong')
  app.get('/in-flight', () => inFlight)
  app.get('/slow', async () => {
    inFlight++
    await sleep(1_000)
    return 'done'
  })
  app.get('/stuck', () => {
    inFlight++
    return new Promise(() => undefined)
  })
  app.post('/echo', (request) => request.body)
  app.get('/readers', () => readers)
  app.get('/big', (_request, reply) => {
    readers++
    reply.raw.on('close', () => readers--)
    return reply.type('application/octet-stream').send(big)
  })
  app.get('/deadline', { handlerTimeout: 1_000 }, async (request) => {
    await sleep(60_000, undefined, { signal: request.signal })
    return 'never'
  })
  app.get<{ Params: { id: string } }>('/abort/:id', { handlerTimeout: 60_000 }, async (request) => {
    inFlight++
    request.signal.addEventListener('abort', () => (aborts[request.params.id] = performance.timeOrigin + performance.now()))
    await sleep(60_000, undefined, { signal: request.signal })
    return 'never'
  })
  app.get('/aborts', () => aborts)
}
