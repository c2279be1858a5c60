import type { Connection } from '../driver.ts'
import type { CallSite } from './call-site.ts'
import type { Pool } from './pool.ts'

/** One connection of a pool through its life: opened, lent and given back many times, closed. Times are the runtime's. */
export class Lease {
  readonly connection: Connection
  readonly pool: Pool
  /** When it has to be replaced. */
  readonly expiresAt: number
  /** When it was lent, or given back. */
  since: number
  /** Who has it, when that was looked at. */
  site: CallSite | undefined
  /** It has served nobody, and was not kept for later. */
  isNew = true
  /** It ended without being closed. */
  isLost = false

  constructor(connection: Connection, pool: Pool, { now, expiresAt }: { now: number; expiresAt: number }) {
    this.connection = connection
    this.pool = pool
    this.expiresAt = expiresAt
    this.since = now
  }
}
