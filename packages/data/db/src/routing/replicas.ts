import type { Connection } from '../driver.ts'
import { NoReplica, QueryFailed, ReplicaBehind } from '../errors.ts'
import type { ResolvedConnectionOptions } from '../options.ts'
import type { Lease } from '../pool/lease.ts'
import type { Runtime } from '../runtime.ts'
import type { Session } from '../session.ts'
import type { DatabaseNode } from '../topology/node.ts'
import type { Topology } from '../topology/topology.ts'
import type { Call } from './call.ts'

/** How long a request that met a replica behind its writes stays with the primary, in milliseconds. */
const primaryForMs = 1_000

/** What a replica answers that has not got far enough. */
export const isBehind: unique symbol = Symbol('is behind')

export interface ReplicasParts {
  readonly topology: Topology
  readonly options: ResolvedConnectionOptions
  readonly runtime: Runtime
  /** R6: the primary has to read for the replicas. */
  readonly standingIn: () => void
}

/** Which replica may answer a request: one that is well, and that has what the request wrote (R3). */
export class Replicas {
  readonly #parts: ReplicasParts

  constructor(parts: ReplicasParts) {
    this.#parts = parts
  }

  /** Undefined when the primary has to stand in. @throws {NoReplica} when it may not */
  pick(session: Session | undefined, avoid: DatabaseNode | undefined): DatabaseNode | undefined {
    const { topology, options, standingIn } = this.#parts
    const node = topology.replica({ prefer: session?.proven, avoid })
    if (node !== undefined) return node
    if (!options.fallbackToPrimary) throw new NoReplica()
    standingIn()
    return undefined
  }

  /** Whether a replica can be compared with what the request wrote; asks the primary how far it is when need be. */
  async mayBeAsked(session: Session, signal: AbortSignal | undefined): Promise<boolean> {
    const { options, runtime } = this.#parts
    if (options.readYourWrites.mode === 'primary' || session.primaryUntil > runtime.now()) return false
    return (session.position ?? (await session.locate(() => this.position(signal)))) !== undefined
  }

  /** Where the primary is, for a token or a replica to be compared with. */
  async position(signal: AbortSignal | undefined): Promise<string | undefined> {
    const { primary } = this.#parts.topology
    let lease: Lease | undefined
    try {
      const only = primary.admit()
      lease = await primary.reading.acquire({ signal, fresh: only })
      const position = await lease.connection.replication?.position()
      primary.succeeded()
      return position
    } catch (error) {
      primary.failed(error)
      throw error
    } finally {
      if (lease) primary.reading.release(lease)
    }
  }

  /** The call, once the replica it comes to has what the request wrote. */
  ifReached<T>(call: Call<T>, session: Session): Call<T | typeof isBehind> {
    const { maxWait } = this.#parts.options.readYourWrites
    return {
      ...call,
      work: async (connection, node) => {
        const { position } = session
        if (position === undefined || !(await hasReached(connection, position, maxWait))) return isBehind
        // A write during the wait is beyond what the replica was compared with.
        if (session.position === position) session.proven.add(node)
        return call.work(connection, node)
      },
    }
  }

  /** The replica had not got far enough. @throws {ReplicaBehind} when nobody else may answer */
  wasBehind(session: Session): void {
    const { options, runtime } = this.#parts
    if (options.readYourWrites.else === 'error') throw new ReplicaBehind(options.readYourWrites.maxWait)
    session.primaryUntil = runtime.now() + primaryForMs
  }
}

async function hasReached({ replication }: Connection, position: string, maxWait: number): Promise<boolean> {
  if (!replication) return false
  try {
    return await replication.reached(position, maxWait)
  } catch (error) {
    // A position that the server cannot read, from a token somebody tampered with, is none it has reached.
    if (error instanceof QueryFailed) return false
    throw error
  }
}
