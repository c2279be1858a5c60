import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const index = fileURLToPath(new URL('../src/index.ts', import.meta.url))

describe('two applications in one process', () => {
  it('leave together: the one that is done first does not cut the requests of the other', async () => {
    const program = `
      import { createApp } from ${JSON.stringify(index)}
      const [idle, busy] = await Promise.all([createApp({ mode: 'production', logger: false }), createApp({ mode: 'production', logger: false })])
      busy.get('/', async () => {
        process.stdout.write('arrived')
        await new Promise((resolve) => setTimeout(resolve, 500))
        return 'finished'
      })
      await idle.listen({ port: 0 })
      process.stdout.write(await busy.listen({ port: 0 }))
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [url] = (await once(child.stdout, 'data')) as [Buffer]
    const answer = fetch(String(url)).then((response) => response.text())
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await answer).toBe('finished')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
