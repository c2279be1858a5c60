import type { Role } from '../driver.ts'

/** One who has a connection. */
export interface PoolHolder {
  /** Milliseconds since it was lent. */
  readonly heldMs: number
  /** `file:line:column` of who asked, where that was looked at; see `pool.callSites`. */
  readonly site?: string
}

export interface PoolState {
  max: number
  total: number
  idle: number
  waiting: number
  /** Those who had to wait for a connection so far, and how long. Milliseconds. */
  waited: { count: number; totalMs: number; longestMs: number }
  /** The longest holders first, at most five. */
  holders: readonly PoolHolder[]
}

/** What a pool reports while it works. */
export interface PoolEvents {
  /** Nobody listens to `acquired`: then it need not be measured. */
  readonly listening: boolean
  acquired(role: Role, waitMs: number): void
  /** A connection came back with a transaction open, which was rolled back. */
  leaked(role: Role, heldMs: number, stack: string | undefined): void
  /** Something failed that nobody waits for. */
  failed(error: unknown): void
}
