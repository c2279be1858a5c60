import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { describeWhere } from '../services/jest.ts'
import { startNode, type ProgramOutcome } from './support/program.ts'
import { ownServices } from './support/services.ts'

interface RunOutcome extends ProgramOutcome {
  isServerLeft: boolean
}

// The real test command on one test file that needs a server.
async function testCommand(environment: NodeJS.ProcessEnv, needs = 'memcached'): Promise<RunOutcome> {
  await using services = ownServices(environment)
  const command = fileURLToPath(new URL('../launch/test.ts', import.meta.url))
  const outcome = await startNode([command, '--verbose', `--testMatch=**/needs-${needs}.fixture.ts`], {
    // This run's own report is not for the inner one to overwrite.
    env: { ...services.environment, COVET_TEST_REPORT: '' },
  }).ended
  return { ...outcome, isServerLeft: services.running('memcached') !== undefined }
}

const withoutServer = { PATH: '/nowhere', COVET_SERVICES_INSTALL: 'never' }

describeWhere('memcached', 'describeWith where its server is', () => {
  it('runs the tests with a clean space, and the run stops the server they started', async () => {
    const { code, output, isServerLeft } = await testCommand({ CI: 'true' })
    expect(output).toContain('✓ has a clean space')
    expect(code).toBe(0)
    expect(isServerLeft).toBe(false)
  })
})

describe('describeWith where its server is not to be had', () => {
  it('skips the tests by name, with the command that helps', async () => {
    const { code, output } = await testCommand({ ...withoutServer, CI: '' })
    expect(output).toMatch(
      /skipped: a cache that needs memcached \(memcached 1.6 or newer is not on this machine; install .*\) › has a clean space/,
    )
    expect(code).toBe(0)
  })

  it('fails in CI', async () => {
    const { code, output } = await testCommand({ ...withoutServer, CI: 'true' })
    expect(output).toContain('✕ finds memcached')
    expect(output).toContain('memcached 1.6 or newer is not on this machine')
    expect(output).not.toContain('skipped')
    expect(code).toBe(1)
  })
})

describe('describeWithUrl', () => {
  it('runs the tests with the URL that the variable names', async () => {
    const { code, output } = await testCommand({ MYSQL_URL: 'mysql://root@mysql.example/test', CI: 'true' }, 'mysql')
    expect(output).toContain('✓ is told where the server is')
    expect(code).toBe(0)
  })

  it('skips them by name elsewhere, with the variable to set, in CI too', async () => {
    const { code, output } = await testCommand({ CI: 'true' }, 'mysql')
    expect(output).toContain('skipped: a table that needs MySQL (set MYSQL_URL to the URL of one) › is told where the server is')
    expect(code).toBe(0)
  })
})
