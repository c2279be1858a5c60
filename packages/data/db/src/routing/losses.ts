import { RetryBudget } from '@covet/resilience'
import { ConnectionLost } from '../errors.ts'
import type { Lease } from '../pool/lease.ts'
import type { DatabaseNode } from '../topology/node.ts'
import type { Topology } from '../topology/topology.ts'

/** Retries that may be saved up beyond one for every connection there can be. */
const spareRetries = 10

/** What becomes of work that failed on a node: whether its breaker hears of it, and whether it may be asked once more (P8, R4). */
export class Losses {
  readonly #topology: Topology
  readonly #retries: RetryBudget

  constructor(topology: Topology) {
    this.#topology = topology
    const connections = topology.nodes.flatMap(({ pools }) => pools).reduce((sum, { max }) => sum + max, 0)
    this.#retries = new RetryBudget({ max: connections + spareRetries })
  }

  /** A call, or a whole transaction, went well. */
  earn(): void {
    this.#retries.earn()
  }

  /**
   * Tells the node what failed on it, each attempt once. True: the connection was lost before anything was done, and there is a
   * retry to be had. A connection that had served before may have been ended by the server long ago, with all the others: where
   * that is tried again, the second attempt tells of the server.
   */
  mayRepeat(node: DatabaseNode, lease: Lease, error: unknown, didNothing: boolean): boolean {
    const lost = didNothing && error instanceof ConnectionLost
    const tells = !lost || lease.isNew || node.breaker?.state === 'half-open'
    if (tells) node.failed(error)
    if (!lost) return false
    // From the primary there is no other way than to the primary: a breaker that is open would refuse it.
    const again = (node.mayAnswer || node !== this.#topology.primary) && this.#retries.spend()
    if (!again && !tells) node.failed(error)
    return again
  }
}
