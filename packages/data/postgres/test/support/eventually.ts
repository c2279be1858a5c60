import { setTimeout as pause } from 'node:timers/promises'

/** Tries until it no longer throws; what it throws after half a minute is thrown. */
export async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(10)
    }
  }
}
