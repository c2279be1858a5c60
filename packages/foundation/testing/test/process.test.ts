import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { eventually, startProcess } from '@covet/testing'

const child = new URL('support/child.mjs', import.meta.url)

/** Gone, or a zombie that only waits for its parent to look. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}

describe('startProcess', () => {
  it('waits for the line that says ready, and collects what is written', async () => {
    await using started = await startProcess(child, { args: ['warn', 'ready', 'stay'], ready: /on (\d+)/ })
    expect(started.readyLine).toBe('ready on 4711')
    expect(await started.line(/warning/)).toBe('a warning')
    expect([started.stdout, started.stderr]).toEqual(['ready on 4711\n', 'a warning\n'])
    expect(started.hasExited).toBe(false)
    expect(started.residentMemory()).toBeGreaterThan(10_000_000)
  })

  it('runs this Node, with arguments and an environment that the test runner does not colour', async () => {
    await using started = await startProcess(child.pathname, {
      args: ['exec', 'args', 'env'],
      nodeArgs: ['--no-warnings'],
      env: { OWN: 'yes' },
    })
    expect(await started.exit).toEqual({ code: 0, signal: null })
    expect(started.stdout).toBe(`${process.execPath}\n["exec","args","env"]\n{"own":"yes"}\n`)
    expect(started.readyLine).toBe('')
  })

  it('holds the process by a pipe that the end of a thread does not close', async () => {
    await using started = await startProcess(child, { args: ['thread', 'stay'] })
    expect(await started.line(/^kept/)).toBe('kept true')
  })

  it('sends signals and gives the exit code or the signal', async () => {
    await using deaf = await startProcess(child, { args: ['deaf', 'stay', 'ready'], ready: (line) => line.startsWith('ready') })
    const heard = deaf.line(/heard/)
    deaf.signal('SIGTERM')
    expect(await heard).toBe('I heard you')
    deaf.signal('SIGKILL')
    expect(await deaf.exit).toEqual({ code: null, signal: 'SIGKILL' })
    expect(deaf.hasExited).toBe(true)
  })

  it('says what was written when it ends before it is ready', async () => {
    await expect(startProcess(child, { args: ['partial', 'warn', 'fail'], ready: /ready/ })).rejects.toMatchObject({
      code: 'testing/process-not-ready',
      message: expect.stringMatching(/ended with code 3 before it was ready\. It wrote:\nno line breaka warning$/),
    })
  })

  it('kills what is not ready in time', async () => {
    await expect(startProcess(child, { args: ['stay'], ready: /ready/, timeout: 300 })).rejects.toThrow(
      /ran out of time before it was ready\. It wrote:\n\(nothing\)$/,
    )
  })

  it('says when a line never comes', async () => {
    await using started = await startProcess(child, { args: ['ready', 'stay'], ready: /ready/ })
    await expect(started.line(/never/, { timeout: 50 })).rejects.toMatchObject({ code: 'testing/line-not-written' })
    const waiting = started.line(/never/)
    started.signal('SIGKILL')
    await expect(waiting).rejects.toThrow(/ended with SIGKILL without writing \/never\/\. It wrote:\nready on 4711$/)
  })

  it('fails when it cannot be started at all', async () => {
    await expect(startProcess(child, { cwd: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('kills it at the end of the block', async () => {
    let pid: number
    {
      await using started = await startProcess(child, { args: ['stay', 'ready'], ready: /ready/ })
      pid = started.pid
    }
    expect(isGone(pid)).toBe(true)
  })

  it('leaves no orphan when the process that started it is killed', async () => {
    await using parent = await startProcess(new URL('support/parent.mjs', import.meta.url), { ready: /^\d+$/ })
    const orphan = Number(parent.readyLine)
    expect(await parent.exit).toEqual({ code: null, signal: 'SIGKILL' })
    await eventually(() => expect(isGone(orphan)).toBe(true))
  })
})
