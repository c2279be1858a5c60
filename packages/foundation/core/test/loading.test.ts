import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const index = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** Runs a module in a fresh process and answers with the files of Fastify it loaded. */
async function fastifyFiles(statements: string): Promise<string[]> {
  const program = `
    import { createRequire } from 'node:module'
    import { createApp, Services, token } from ${JSON.stringify(index)}
    ${statements}
    const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache).filter((file) => /[\\\\/]node_modules[\\\\/]fastify[\\\\/]/.test(file))
    process.stdout.write(JSON.stringify(loaded))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  return JSON.parse(stdout) as string[]
}

describe('importing the kernel', () => {
  it('loads no Fastify for services alone', async () => {
    expect(await fastifyFiles("const services = new Services(); services.set(token('a'), 1)")).toEqual([])
  })

  it('loads Fastify once an application is made', async () => {
    expect(await fastifyFiles('await createApp({ logger: false })')).not.toEqual([])
  })
})
