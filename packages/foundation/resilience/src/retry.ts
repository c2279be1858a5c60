import { fullJitter } from './backoff.ts'
import { systemClock } from './clock.ts'
import { InvalidResilienceOptionError } from './errors.ts'
import type { RetryOptions } from './options.ts'

/**
 * Runs `work`, and again after failures that `retryIf` accepts, with full jitter between. The attempts are counted from 0.
 * @throws what the last attempt failed with, or the signal's reason
 */
export async function retry<T>(work: (attempt: number) => T | PromiseLike<T>, options: RetryOptions): Promise<T> {
  const { retries, budget, signal, clock = systemClock } = options
  if (!Number.isSafeInteger(retries) || retries < 0) throw new InvalidResilienceOptionError('retries', retries, 'a whole number, 0 or more')
  for (let attempt = 0; ; attempt += 1) {
    try {
      const value = await work(attempt)
      budget?.earn()
      return value
    } catch (error) {
      if (!mayRetry(error, attempt, options)) throw error
      const delayMs = fullJitter(attempt, options)
      options.retrying?.(attempt + 1, delayMs, error)
      await clock.sleep(delayMs, signal)
    }
  }
}

function mayRetry(error: unknown, attempt: number, { retries, retryIf, budget }: RetryOptions): boolean {
  if (attempt >= retries) return false
  if (retryIf && !retryIf(error)) return false
  return budget === undefined || budget.spend()
}
