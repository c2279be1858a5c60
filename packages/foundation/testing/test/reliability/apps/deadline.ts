// An application whose handlers wait for a timer and for another server.
import { createApp, type Duration, run } from '@covet/core'
import { setTimeout as sleep } from 'node:timers/promises'

const upstream = process.env['UPSTREAM'] ?? ''

await run(async () => {
  const app = await createApp({
    handlerTimeout: (process.env['HANDLER_TIMEOUT'] ?? '1s') as Duration,
    logger: { level: 'warn' },
  })
  const state = { waiting: 0, aborted: 0, late: 0 }

  app.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/wait')) return
    state.waiting++
    request.signal.addEventListener('abort', () => {
      state.waiting--
      state.aborted++
    })
  })
  app.get('/ping', () => 'pong')
  app.get('/state', () => ({ ...state, resources: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length }))
  app.get('/wait/timer', async (request) => {
    await sleep(60_000, undefined, { signal: request.signal })
    return 'never'
  })
  app.get('/wait/fetch', async (request) => {
    const response = await fetch(upstream, { signal: request.signal })
    return response.text()
  })
  app.get('/wait/deaf', async () => {
    await sleep(1_500)
    state.late++
    return 'too late'
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  console.log(`Server listening at ${app.listeningOrigin}`)
})
