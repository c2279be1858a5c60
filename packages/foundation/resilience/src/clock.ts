import { setTimeout as pause } from 'node:timers/promises'

/**
 * 24 days in milliseconds: the longest time to wait for. A timer of Node that is told to wait for more than 24.8 days does
 * not wait at all; what is left may be added to this.
 */
export const longestTimeout: number = 24 * 86_400_000

/** Where time comes from, so that a test can bring its own. */
export interface Clock {
  /** Milliseconds that never run backwards. */
  now(): number
  /** Resolves after so many milliseconds. @throws the signal's reason */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The process's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    try {
      await pause(ms, undefined, signal && { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}
