import type { Driver, NodeRole, Role } from './driver.ts'
import type { BreakerEvent } from './events.ts'
import { toPromise } from './maybe-promise.ts'
import type { PoolState } from './pool/state.ts'
import type { DatabaseNode } from './topology/node.ts'
import type { Topology } from './topology/topology.ts'

export interface NodeHealth {
  /** The connection's name. */
  readonly connection: string
  /** Host and port, or the file. */
  readonly node: string
  /** As observed. */
  readonly role: NodeRole
  /** Whether writes go there. */
  readonly primary: boolean
  /** `saturated`: it answers, or lives in this process, but every connection is lent out; `lagging`: a replica too far behind. */
  readonly state: 'up' | 'saturated' | 'lagging' | 'down'
  /** Milliseconds the check took. */
  readonly latencyMs?: number
  /** How far a replica is behind, where it tells. */
  readonly lagMs?: number
  readonly breaker: BreakerEvent['state']
  /** What the check failed with. */
  readonly error?: unknown
  readonly pools: Partial<Record<Role, PoolState>>
}

export interface HealthContext {
  readonly connection: string
  readonly driver: Driver
  readonly topology: Topology
  readonly signal: AbortSignal | undefined
}

/** R5: asks one node, a server on a connection of its own, so that a full pool is not taken for a dead server. */
export async function checkNode(node: DatabaseNode, context: HealthContext): Promise<NodeHealth> {
  context.signal?.throwIfAborted()
  if (context.driver.embedded === true) return checkEmbedded(node, context)
  await context.topology.check(node)
  const facts = factsOf(node, context)
  const { error, latencyMs, lagMs } = node
  if (node.state === 'down') return { ...facts, state: 'down', error }
  return {
    ...facts,
    state: node.reading.available ? node.state : 'saturated',
    ...(latencyMs !== undefined && { latencyMs }),
    ...(lagMs !== undefined && { lagMs }),
  }
}

/** Another connection of an engine in this process would say nothing of the one that holds the data. */
async function checkEmbedded(node: DatabaseNode, { connection, driver, topology, signal }: HealthContext): Promise<NodeHealth> {
  const facts = factsOf(node, { connection, topology })
  const pool = node.reading
  if (!pool.available) return { ...facts, state: 'saturated' }
  const asked = performance.now()
  try {
    const lease = await pool.acquire({ signal })
    try {
      await toPromise(() => lease.connection.execute({ text: driver.healthQuery, params: [] }, signal))
    } finally {
      pool.release(lease)
    }
  } catch (error) {
    return { ...facts, state: 'down', error }
  }
  return { ...facts, pools: node.poolStates, state: 'up', latencyMs: performance.now() - asked }
}

function factsOf(node: DatabaseNode, { connection, topology }: Pick<HealthContext, 'connection' | 'topology'>): Omit<NodeHealth, 'state'> {
  return {
    connection,
    node: node.name,
    role: node.role,
    primary: topology.primary === node,
    breaker: node.breaker?.state ?? 'closed',
    pools: node.poolStates,
  }
}
