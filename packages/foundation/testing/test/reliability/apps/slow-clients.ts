// An application for clients that send slowly or do not read.
import { createApp, run } from '@covet/core'

/** More than the kernel buffers of a connection hold; one for all, so that it is counted once. */
const big = Buffer.alloc(32_000_000, 'x')

await run(async () => {
  const app = await createApp({
    headersTimeout: '2s',
    requestTimeout: '3s',
    handlerTimeout: '10s',
    connectionsCheckingInterval: '500ms',
    logger: { level: 'info' },
  })
  let pulled = 0
  let cancelled = false

  app.get('/ping', () => 'pong')
  app.post('/echo', (request) => request.body)
  app.get('/big', { handlerTimeout: 3_000 }, (_request, reply) => reply.type('application/octet-stream').send(big))
  app.get('/gigabyte', { handlerTimeout: 3_000 }, (_request, reply) => {
    const megabyte = new Uint8Array(1_000_000)
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulled > 1_000) controller.close()
        else controller.enqueue(megabyte.slice())
      },
      cancel() {
        cancelled = true
      },
    })
    return reply.type('application/octet-stream').send(stream)
  })
  app.get('/connections', () => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count))))
  app.get('/gigabyte/state', () => ({ pulled, cancelled }))
  await app.listen({ port: 0, host: '127.0.0.1' })
})
