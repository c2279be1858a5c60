// An application to be stopped: requests that take a second, and one that never ends.
import { createApp, type Duration, run } from '@covet/core'

await run(async () => {
  const app = await createApp({
    drain: { deadline: (process.env['DRAIN_DEADLINE'] ?? '25s') as Duration },
    handlerTimeout: 0,
  })
  let inFlight = 0

  app.get('/ping', () => 'pong')
  app.get('/in-flight', () => inFlight)
  app.get('/slow', async () => {
    inFlight++
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return 'done'
  })
  app.get('/stuck/:reason', (request) => {
    inFlight++
    request.signal.addEventListener('abort', () => console.log(`aborted: ${(request.signal.reason as Error).message}`))
    return new Promise(() => undefined)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
})
