import type { Role } from './driver.ts'
import type { PoolState } from './pool.ts'
import type { Router } from './router.ts'

export interface NodeHealth {
  /** The connection's name. */
  readonly connection: string
  readonly role: 'primary'
  /** `saturated`: every connection is lent out, so it was not asked; it is not down. */
  readonly state: 'up' | 'saturated' | 'down'
  /** Milliseconds the health query took. */
  readonly latencyMs?: number
  /** What the health query failed with. */
  readonly error?: unknown
  readonly pools: Partial<Record<Role, PoolState>>
}

/** Asks one node with a connection that is free, so that a full pool is not taken for a dead server. */
export async function checkNode(connection: string, router: Router, healthQuery: string, signal?: AbortSignal): Promise<NodeHealth> {
  const pool = router.readers ?? router.writers
  const node = { connection, role: 'primary' } as const
  if (!pool.available) return { ...node, state: 'saturated', pools: router.state }
  const asked = performance.now()
  try {
    await pool.use(
      (free) => free.execute({ text: healthQuery, params: [] }, signal),
      () => ({ signal }),
    )
  } catch (error) {
    return { ...node, state: 'down', error, pools: router.state }
  }
  return { ...node, state: 'up', latencyMs: performance.now() - asked, pools: router.state }
}
