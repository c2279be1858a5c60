import { describe, expect, it } from '@jest/globals'
import { errors, longestTimeout, withDeadline } from '../src/index.ts'

describe('a deadline', () => {
  it('is nothing to work that ends in time', async () => {
    expect(await withDeadline('10s', async () => 'done')).toBe('done')
    await expect(withDeadline(10_000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  })

  it('ends the wait and aborts the signal of work that does not', async () => {
    let seen: AbortSignal | undefined
    const outcome = withDeadline(5, (signal) => {
      seen = signal
      return new Promise<never>(() => undefined)
    })
    await expect(outcome).rejects.toMatchObject({ code: 'resilience/deadline-exceeded', statusCode: 503 })
    expect(seen?.reason).toBeInstanceOf(errors.DeadlineExceededError)
  })

  it('is refused when no timer waits so long, instead of being over at once', async () => {
    await expect(withDeadline('25d', async () => 'done')).rejects.toMatchObject({
      code: 'resilience/invalid-option',
      message: '`time` is 25d, but must be 24 days at most.',
    })
    expect(await withDeadline(longestTimeout, async () => 'done')).toBe('done')
  })

  it('passes the outer signal on', async () => {
    const reason = new Error('client left')
    const controller = new AbortController()
    let seen: AbortSignal | undefined
    const outcome = withDeadline(
      '1m',
      (signal) => {
        seen = signal
        return new Promise<never>(() => undefined)
      },
      { signal: controller.signal },
    )
    controller.abort(reason)
    await expect(outcome).rejects.toBe(reason)
    expect(seen?.reason).toBe(reason)
    await expect(withDeadline('1m', () => 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
