import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import { describeWhere } from '../services/jest.ts'
import { openTestRun } from '../services/test-run.ts'
import { endPrograms, startNode, type Program } from './support/program.ts'
import { ownServices, type OwnServices } from './support/services.ts'

afterEach(endPrograms)

async function beginRun(services: OwnServices, environment: NodeJS.ProcessEnv = {}): Promise<Program> {
  const program = startNode([fileURLToPath(new URL('fixtures/test-run.ts', import.meta.url))], {
    env: { ...services.environment, ...environment },
  })
  await program.says(/open \{\}/)
  return program
}

async function endRun(program: Program): Promise<void> {
  program.child.stdin?.end()
  expect((await program.ended).code).toBe(0)
}

describeWhere('memcached', 'a test run', () => {
  it('stops the servers it started', async () => {
    await using services = ownServices()
    const run = await beginRun(services)
    expect(services.running('memcached')).toBeDefined()
    await endRun(run)
    expect(services.running('memcached')).toBeUndefined()
  })

  it('leaves them to another run that still uses them', async () => {
    await using services = ownServices()
    const first = await beginRun(services)
    const second = await beginRun(services)
    const server = services.running('memcached')
    await endRun(first)
    expect(services.running('memcached')).toEqual(server)
    await endRun(second)
    expect(services.running('memcached')).toBeUndefined()
  })

  it('does not wait for a run that was killed', async () => {
    await using services = ownServices()
    const killed = await beginRun(services)
    const other = await beginRun(services)
    killed.child.kill('SIGKILL')
    await killed.ended
    await endRun(other)
    expect(services.running('memcached')).toBeUndefined()
  })

  it('leaves the servers that were started by hand, and those it is asked to keep', async () => {
    await using services = ownServices()
    await services.server('memcached')
    await endRun(await beginRun(services))
    expect(services.running('memcached')).toBeDefined()
    await services.stop('memcached')
    await endRun(await beginRun(services, { KEEP: '1' }))
    expect(services.running('memcached')).toBeDefined()
  })
})

describe('a test run without a server', () => {
  it('goes on, and says which one is missing and why', async () => {
    await using services = ownServices({ PATH: '/nowhere', COVET_SERVICES_INSTALL: 'never' })
    const said: string[] = []
    await using run = await openTestRun({
      isKept: false,
      eager: ['memcached'],
      environment: services.environment,
      say: (message) => said.push(message),
    })
    expect(run.unavailable.memcached).toContain('memcached 1.6 or newer is not on this machine')
    expect(said).toEqual([`memcached is unavailable: ${run.unavailable.memcached}`])
  })
})
