import { type Duration, toMilliseconds } from '@covet/core'
import { longestTimeout } from './clock.ts'
import { DeadlineExceededError, InvalidResilienceOptionError } from './errors.ts'

export interface DeadlineOptions {
  /** Ends the work too. */
  signal?: AbortSignal | undefined
}

/**
 * Runs `work` with a signal that is aborted after the time is up, and does not wait for it any longer then.
 * @throws {InvalidResilienceOptionError} of a time above 24 days, {@link DeadlineExceededError}, the outer signal's reason, or what `work` failed with
 */
export async function withDeadline<T>(
  time: Duration,
  work: (signal: AbortSignal) => T | PromiseLike<T>,
  { signal }: DeadlineOptions = {},
): Promise<T> {
  signal?.throwIfAborted()
  const ms = toMilliseconds(time)
  if (ms > longestTimeout) throw new InvalidResilienceOptionError('time', time, '24 days at most')
  const controller = new AbortController()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const end = (reason: unknown): void => {
    controller.abort(reason)
    reject(reason)
  }
  const leave = (): void => end(signal?.reason)
  const timer = setTimeout(() => end(new DeadlineExceededError(ms)), ms)
  signal?.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([over, work(controller.signal)])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}
