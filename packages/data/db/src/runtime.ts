import { systemClock, type Clock } from '@covet/resilience'

/** Time and chance, so that a test can bring its own. */
export interface Runtime extends Clock {
  /** From 0 to 1. */
  random(): number
}

export const systemRuntime: Runtime = { ...systemClock, random: () => Math.random() }
