import { describe, expect, it } from '@jest/globals'
import { errors, fullJitter, retry, RetryBudget, systemClock } from '../src/index.ts'

const instant = { sleep: async () => undefined }

describe('full jitter', () => {
  it('is a random share of a bound that doubles up to a cap', () => {
    const whole = (attempt: number): number => fullJitter(attempt, { random: () => 1 })
    expect([0, 1, 2, 3].map(whole)).toEqual([5, 10, 20, 40])
    expect(whole(30)).toBe(500)
    expect(fullJitter(3, { random: () => 0.25 })).toBe(10)
    expect(fullJitter(2, { base: 100, cap: 300, random: () => 1 })).toBe(300)
    expect(fullJitter(0)).toBeLessThanOrEqual(5)
  })
})

describe('retry', () => {
  it('runs the work again until it goes well, and tells each time', async () => {
    const told: unknown[] = []
    const slept: number[] = []
    const value = await retry(
      (attempt) => {
        if (attempt < 2) throw new Error(`attempt ${attempt}`)
        return attempt
      },
      {
        retries: 3,
        random: () => 1,
        retrying: (attempt, delayMs, error) => told.push([attempt, delayMs, (error as Error).message]),
        clock: { sleep: async (ms) => void slept.push(ms) },
      },
    )
    expect(value).toBe(2)
    expect(told).toEqual([
      [1, 5, 'attempt 0'],
      [2, 10, 'attempt 1'],
    ])
    expect(slept).toEqual([5, 10])
  })

  it('gives up after its retries with the last error', async () => {
    let runs = 0
    const work = (): never => {
      runs += 1
      throw new Error(`run ${runs}`)
    }
    await expect(retry(work, { retries: 2, clock: instant })).rejects.toThrow('run 3')
    await expect(retry(work, { retries: 0 })).rejects.toThrow('run 4')
  })

  it('leaves alone what running again cannot help', async () => {
    let runs = 0
    const work = (): never => {
      runs += 1
      throw new Error('syntax')
    }
    await expect(retry(work, { retries: 5, retryIf: () => false, clock: instant })).rejects.toThrow('syntax')
    expect(runs).toBe(1)
  })

  it('stops when the signal aborts during a pause', async () => {
    const controller = new AbortController()
    const reason = new Error('client left')
    const outcome = retry(() => Promise.reject(new Error('down')), {
      retries: 5,
      base: 60_000,
      cap: 60_000,
      random: () => 1,
      signal: controller.signal,
      retrying: () => setImmediate(() => controller.abort(reason)),
    })
    await expect(outcome).rejects.toBe(reason)
  })

  it('refuses a number of retries that means nothing', async () => {
    await expect(retry(() => 1, { retries: -1 })).rejects.toBeInstanceOf(errors.InvalidResilienceOptionError)
  })
})

describe('a retry budget', () => {
  it('keeps retries to a share of the work when everything fails', async () => {
    const budget = new RetryBudget({ max: 3, ratio: 0.5 })
    let runs = 0
    const fails = (): never => {
      runs += 1
      throw new Error('down')
    }
    for (let count = 0; count < 10; count += 1) {
      await expect(retry(fails, { retries: 5, budget, clock: instant })).rejects.toThrow('down')
    }
    expect([runs, budget.left]).toEqual([13, 0])
    for (let count = 0; count < 4; count += 1) await retry(() => 'fine', { retries: 1, budget })
    expect(budget.left).toBe(2)
  })

  it('never saves up more than its maximum', () => {
    const budget = new RetryBudget()
    for (let count = 0; count < 100; count += 1) budget.earn()
    expect(budget.left).toBe(10)
    expect(budget.spend()).toBe(true)
    expect(budget.left).toBe(9)
  })

  it('refuses numbers that mean nothing', () => {
    expect(() => new RetryBudget({ max: 0 })).toThrow(errors.InvalidResilienceOptionError)
    expect(() => new RetryBudget({ ratio: 2 })).toThrow(errors.InvalidResilienceOptionError)
  })
})

describe('the clock of the process', () => {
  it('sleeps, never runs backwards, and wakes when its signal aborts', async () => {
    const before = systemClock.now()
    await systemClock.sleep(1)
    expect(systemClock.now()).toBeGreaterThan(before)
    const reason = new Error('enough')
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const sleeping = systemClock.sleep(60_000, controller.signal)
    controller.abort(reason)
    await expect(sleeping).rejects.toBe(reason)
  })
})
