import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import { endPrograms, startProgram, type Program } from './support/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

afterEach(endPrograms)

function npmStart(exitCode = 0): Program {
  return startProgram('npm', ['start'], {
    cwd: root,
    env: { ...process.env, COVET_START_ENTRY: 'tooling/test/fixtures/draining-app.ts', DRAINING_APP_EXIT_CODE: String(exitCode) },
  })
}

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('lets the application drain when npm gets %s', async (signal) => {
    const npm = npmStart()
    const [, url = ''] = await npm.says(/ready (http\S+)/)
    expect((await fetch(url, { headers: { connection: 'close' } })).status).toBe(200)
    npm.child.kill(signal)
    const { code, output } = await npm.ended
    expect(output).toContain(`draining after ${signal}`)
    expect(output).toContain('drained')
    expect(code).toBe(0)
  })

  it("ends with the application's exit code", async () => {
    const npm = npmStart(7)
    await npm.says(/ready http/)
    npm.child.kill('SIGTERM')
    expect((await npm.ended).code).toBe(7)
  })
})

describe('the launcher', () => {
  const launcher = (): Program =>
    startProgram(process.execPath, ['tooling/launch/start.mjs'], {
      cwd: root,
      env: { ...process.env, COVET_START_ENTRY: 'tooling/test/fixtures/draining-app.ts' },
    })

  it('passes SIGHUP on, which a closing terminal sends', async () => {
    const program = launcher()
    await program.says(/ready http/)
    program.child.kill('SIGHUP')
    const { code, output } = await program.ended
    expect(output).toContain('draining after SIGHUP')
    expect(code).toBe(0)
  })

  it('passes on once what a terminal and npm both send', async () => {
    const program = launcher()
    const [, port] = await program.says(/ready http:.*:(\d+)/)
    const visitor = connect(Number(port), '127.0.0.1')
    await once(visitor, 'connect')
    program.child.kill('SIGINT')
    await setImmediate()
    program.child.kill('SIGINT')
    await program.says(/draining/)
    visitor.destroy()
    const { output } = await program.ended
    expect(output.match(/draining/g)).toHaveLength(1)
  })

  it('answers 128 and the signal when a signal ended the application', async () => {
    const program = launcher()
    const [, pid] = await program.says(/process (\d+)/)
    process.kill(Number(pid), 'SIGKILL')
    expect((await program.ended).code).toBe(128 + 9)
  })
})
