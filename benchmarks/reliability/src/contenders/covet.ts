import { createApp, type Duration, plugin, run } from '@covet/core'
import { routes } from './routes.ts'

await run(async () => {
  const app = await createApp({
    plugins: [plugin({ name: 'routes', setup: routes })],
    drain: { deadline: (process.env['DRAIN_DEADLINE'] ?? '25s') as Duration },
    logger: { level: 'fatal' },
  })
  console.log(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
})
