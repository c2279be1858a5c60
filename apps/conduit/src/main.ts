import { run } from '@covet/core'
import { createConduit } from './app.ts'
import { loadSettings } from './settings.ts'

await run(async () => {
  const settings = await loadSettings()
  const app = await createConduit(settings)
  const url = await app.listen({ host: settings.host, port: settings.port })
  process.stdout.write(`\n  Home page  ${url}/\n  API        ${url}/api/articles\n  API docs   ${url}/docs\n\n`)
})
