import { setTimeout as pause } from 'node:timers/promises'
import type { MaybePromise } from '@covet/db'
import { codeOf } from './map-error.ts'

const longestPause = 25

export interface BusyOptions {
  /** Milliseconds to go on trying. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Does the work at once, and again with growing pauses while another process holds the lock. SQLite's own busy timeout
 * would do the waiting inside the call, with the event loop standing still.
 */
export function retryWhileBusy<T>(work: () => T, options: BusyOptions): MaybePromise<T> {
  try {
    return work()
  } catch (error) {
    return againWhileBusy(work, options, error)
  }
}

/** The same for work whose first attempt has failed. @throws what it failed with, unless waiting may help */
export function againWhileBusy<T>(work: () => T, options: BusyOptions, first: unknown): Promise<T> {
  if (!isBusy(first) || options.timeout === 0) throw first
  return tryAgain(work, options, first)
}

async function tryAgain<T>(work: () => T, { timeout, signal }: BusyOptions, first: unknown): Promise<T> {
  const deadline = performance.now() + timeout
  let error = first
  for (let attempt = 0; performance.now() < deadline; attempt += 1) {
    await pause(Math.min(longestPause, 2 ** attempt) * (0.5 + Math.random() / 2), undefined, { signal })
    try {
      return work()
    } catch (further) {
      if (!isBusy(further)) throw further
      error = further
    }
  }
  throw error
}

/** A snapshot that is too old stays too old, whoever waits. */
function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code.startsWith('SQLITE_BUSY') && code !== 'SQLITE_BUSY_SNAPSHOT'
}
