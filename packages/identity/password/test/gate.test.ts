import { describe, expect, it } from '@jest/globals'
import { PasswordGateFullError, PasswordsClosedError } from '../src/errors.ts'
import { createPasswords } from '../src/index.ts'
import { Gate } from '../src/gate.ts'
import { manualEngine } from './support/engine.ts'

describe('the gate', () => {
  it('computes as many hashes at once as it is told, and the rest in turn', async () => {
    const { derive, calls, started } = manualEngine()
    const passwords = createPasswords({ derive, gate: { concurrency: 2, wait: '1m' } })
    const order: number[] = []
    const all = [1, 2, 3, 4].map(async (number) => {
      await passwords.hash(`password ${number}`)
      order.push(number)
    })
    await started(2)
    expect(calls).toHaveLength(2)

    calls[1]?.finish()
    await started(3)
    expect(Buffer.from(calls[2]?.input ?? []).toString()).toBe('password 3')
    calls[2]?.finish()
    await started(4)
    calls[3]?.finish()
    calls[0]?.finish()
    await Promise.all(all)
    expect(order).toEqual([2, 3, 4, 1])
  })

  it('PWD-05: answers 503 with Retry-After: 1 to those the queue has no place for, and serves the others', async () => {
    const { derive, calls, started } = manualEngine()
    const passwords = createPasswords({ derive, gate: { concurrency: 2, queue: 32, wait: '1m' } })
    const logins = Array.from({ length: 100 }, () => passwords.verify('hunter2hunter2', undefined))
    const outcomes = Promise.allSettled(logins)

    for (let next = 1; next <= 34; next++) {
      await started(next)
      calls[next - 1]?.finish()
    }
    const settled = await outcomes
    const refused = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(34)
    expect(refused).toHaveLength(66)
    expect(refused[0]).toBeInstanceOf(PasswordGateFullError)
    expect(refused[0]).toMatchObject({ statusCode: 503, code: 'password/gate-full', headers: { 'retry-after': '1' } })
  })

  it('gives up waiting after the configured time, and its place goes to the next', async () => {
    const { derive, calls, started } = manualEngine()
    const passwords = createPasswords({ derive, gate: { concurrency: 1, wait: 20 } })
    const first = passwords.hash('first')
    await started(1)
    await expect(passwords.hash('second')).rejects.toBeInstanceOf(PasswordGateFullError)
    calls[0]?.finish()
    await first
    const third = passwords.hash('third')
    await started(2)
    calls[1]?.finish()
    await expect(third).resolves.toContain('$argon2id$')
  })

  it('takes an aborted call out of the queue', async () => {
    const { derive, calls, started } = manualEngine()
    const passwords = createPasswords({ derive, gate: { concurrency: 1, queue: 1, wait: '1m' } })
    const first = passwords.hash('first')
    await started(1)
    const abort = new AbortController()
    const second = passwords.hash('second', { signal: abort.signal })
    abort.abort(new Error('the client went away'))
    await expect(second).rejects.toThrow('the client went away')

    const third = passwords.hash('third')
    calls[0]?.finish()
    await started(2)
    calls[1]?.finish()
    await Promise.all([first, third])
    expect(calls).toHaveLength(2)
  })

  it('does not start for a signal that is already aborted', async () => {
    const { derive, calls } = manualEngine()
    const passwords = createPasswords({ derive })
    await expect(passwords.verify('x', undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(calls).toHaveLength(0)
  })

  it('does not lose its place to a call that is aborted in the moment the place comes free', async () => {
    const gate = new Gate({ concurrency: 1, queue: 8, waitMs: 60_000 })
    const blocker = Promise.withResolvers<void>()
    const first = gate.run(() => blocker.promise)
    const abort = new AbortController()
    const second = gate.run(async () => 'second', abort.signal)
    const third = gate.run(async () => 'third')
    blocker.resolve()
    abort.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    await first
    await expect(third).resolves.toBe('third')
    await expect(gate.run(async () => 'fourth')).resolves.toBe('fourth')
  })

  it('frees the place of work that fails', async () => {
    const gate = new Gate({ concurrency: 1, queue: 0, waitMs: 1 })
    await expect(gate.run(() => Promise.reject(new Error('out of memory')))).rejects.toThrow('out of memory')
    await expect(gate.run(async () => 'fine')).resolves.toBe('fine')
  })

  it('waits on close for what runs and what is queued, and refuses new calls', async () => {
    const { derive, calls, started } = manualEngine()
    const passwords = createPasswords({ derive, gate: { concurrency: 1, wait: '1m' } })
    const running = passwords.hash('running')
    const queued = passwords.hash('queued')
    await started(1)
    let isClosed = false
    const closing = passwords.close().then(() => (isClosed = true))
    await expect(passwords.hash('late')).rejects.toBeInstanceOf(PasswordsClosedError)

    calls[0]?.finish()
    await Promise.all([running, started(2)])
    expect(isClosed).toBe(false)
    calls[1]?.finish()
    await Promise.all([queued, closing])
    await expect(passwords.close()).resolves.toBeUndefined()
  })
})
