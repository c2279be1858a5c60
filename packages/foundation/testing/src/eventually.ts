import { setTimeout as pause } from 'node:timers/promises'
import { type Duration, toMilliseconds } from '@covet/core'

export interface EventuallyOptions {
  /** After this no further try is made. @default '30s' */
  within?: Duration
}

const pauseMs = 20

/**
 * What the attempt comes to once it no longer throws: `await eventually(() => expect(seen).toHaveLength(2))`.
 * @throws what the last try threw
 */
export async function eventually<T>(attempt: () => T | Promise<T>, { within = '30s' }: EventuallyOptions = {}): Promise<T> {
  const deadline = performance.now() + toMilliseconds(within)
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(pauseMs)
    }
  }
}
