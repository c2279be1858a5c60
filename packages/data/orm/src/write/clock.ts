let clock: () => Date = () => new Date()

/** The time that `createdAt`, `updatedAt` and `deletedAt` get. */
export function now(): Date {
  return clock()
}

/**
 * Sets the clock of timestamps for the process, for tests and replays.
 * @default the system's
 * @returns a function that sets the one before again
 */
export function useClock(next: () => Date): () => void {
  const before = clock
  clock = next
  return () => {
    clock = before
  }
}
