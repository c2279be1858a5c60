import { toMilliseconds } from '@covet/core'
import { longestTimeout } from '@covet/resilience'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { CloseOptions } from './options.ts'
import type { Pool } from './pool/pool.ts'

/** Waits for the work that was accepted, at most until the deadline, and closes the pools in their order. */
export async function shutDown(pools: readonly Pool[], { drain = '10s' }: CloseOptions): Promise<void> {
  const drained = new AbortController()
  // The timer rejects only when it is cleared, once the work is done.
  const deadline = pause(Math.min(toMilliseconds(drain), longestTimeout), undefined, { signal: drained.signal }).catch(() => undefined)
  await Promise.race([deadline, becomeQuiet(pools, drained.signal)])
  drained.abort()
  const failures: unknown[] = []
  for (const pool of pools) {
    try {
      await pool.close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The database did not close cleanly.')
}

/** A query may go on from one pool to the next, so all of them have to be quiet at once. */
async function becomeQuiet(pools: readonly Pool[], signal: AbortSignal): Promise<void> {
  do {
    await Promise.all(pools.map((pool) => pool.quiet()))
    await turn()
  } while (!signal.aborted && pools.some((pool) => !pool.isQuiet))
}
