import { setTimeout as pause } from 'node:timers/promises'

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
