import { CircuitBreaker } from '@covet/resilience'
import type { Connection, Driver, DriverNode, NodeRole, Role } from '../driver.ts'
import {
  CircuitOpen,
  CommitUnknown,
  ConnectionFailedError,
  ConnectionLost,
  DatabaseClosedError,
  DatabaseError,
  DetachedDeadlockError,
  PoolTimeout,
} from '../errors.ts'
import type { BreakerEvent } from '../events.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type { ResolvedConnectionOptions } from '../options.ts'
import { Pool, type PoolSettings } from '../pool/pool.ts'
import type { PoolEvents, PoolState } from '../pool/state.ts'
import type { Runtime } from '../runtime.ts'

export interface NodeParts {
  readonly driver: Driver
  readonly options: ResolvedConnectionOptions
  readonly runtime: Runtime
  readonly events: PoolEvents
  readonly breakerChanged: (state: BreakerEvent['state'], error: unknown) => void
}

/** `lagging`: a replica further behind than `health.maxLag`. */
export type NodeState = 'up' | 'lagging' | 'down'

/** One server: its pools, its breaker, and what was last seen of it. */
export class DatabaseNode {
  readonly config: DriverNode
  readonly writers: Pool
  readonly readers: Pool | undefined
  readonly streams: Pool | undefined
  readonly breaker: CircuitBreaker | undefined
  /** As observed; as configured until then. */
  role: NodeRole
  state: NodeState = 'up'
  lagMs: number | undefined
  latencyMs: number | undefined
  error: unknown
  readonly #pools: readonly Pool[]

  constructor(config: DriverNode, parts: NodeParts) {
    const { driver } = parts
    const unheard = (error: unknown): void => this.failed(error)
    const pool = (role: Role): Pool | undefined =>
      driver.limits[role] > 0 || role === 'writer' ? createPool(role, parts, { connect: () => this.#open(role), unheard }) : undefined
    this.config = config
    this.role = config.role
    this.writers = pool('writer') as Pool
    this.readers = pool('reader')
    const ownStreams = pool('stream')
    this.streams = driver.streamRole && { writer: this.writers, reader: this.readers, stream: ownStreams }[driver.streamRole]
    this.#pools = [ownStreams, this.readers, this.writers].filter((each) => each !== undefined)
    this.breaker = createBreaker(parts)
  }

  get name(): string {
    return this.config.name
  }

  /** In the order they are closed. */
  get pools(): readonly Pool[] {
    return this.#pools
  }

  /** Whose connections read. */
  get reading(): Pool {
    return this.readers ?? this.writers
  }

  get poolStates(): Partial<Record<Role, PoolState>> {
    return Object.fromEntries(this.#pools.map((pool) => [pool.role, pool.state]))
  }

  /** Whether the breaker lets work through, without taking the one attempt it may have to give. */
  get mayAnswer(): boolean {
    return this.breaker === undefined || this.breaker.retryAfterMs === 0
  }

  /**
   * Whether this is the one attempt that a breaker allows which is not closed: a connection that was idle all the while
   * would tell it nothing.
   * @throws {CircuitOpen}
   */
  admit(): boolean {
    const { breaker } = this
    if (breaker === undefined || breaker.state === 'closed') return false
    if (breaker.admits()) return true
    throw new CircuitOpen(this.name, breaker.retryAfterMs, { cause: breaker.lastError })
  }

  /** It was reached: the one attempt need not keep the others out for as long as its work goes on, or for how that ends. */
  reached(): void {
    if (this.breaker?.state === 'half-open') this.breaker.succeeded()
  }

  /** It answered. */
  succeeded(): void {
    this.breaker?.succeeded()
  }

  /** R4: only what says that the server cannot be reached counts; any other answer of the server says that it can. */
  failed(error: unknown): void {
    if (this.breaker === undefined || !(error instanceof DatabaseError) || isOwn(error)) return
    if (isConnectivity(error)) this.breaker.failed(error)
    else this.breaker.succeeded()
  }

  /** Those who wait for a connection while the breaker opens need not wait for theirs to be refused too. */
  #open(role: Role): MaybePromise<Connection> {
    if (this.breaker?.state === 'open') this.admit()
    return this.config.connect(role)
  }
}

/** Whether the server could not be reached, or was lost. */
function isConnectivity(error: unknown): boolean {
  return error instanceof ConnectionLost || error instanceof ConnectionFailedError || error instanceof CommitUnknown
}

/** What `db` refuses itself, or waits for no longer, says nothing about the server. */
function isOwn(error: DatabaseError): boolean {
  return (
    error instanceof PoolTimeout ||
    error instanceof CircuitOpen ||
    error instanceof DatabaseClosedError ||
    error instanceof DetachedDeadlockError ||
    (error instanceof ConnectionFailedError && !error.settled)
  )
}

function createPool(role: Role, { driver, options, runtime, events }: NodeParts, opening: Pick<PoolSettings, 'connect' | 'unheard'>): Pool {
  const { min, acquireTimeout, idleTimeout, maxLifetime, callSites } = options.pool
  const keeps = driver.embedded === true
  return new Pool({
    role,
    max: driver.limits[role],
    min: keeps || role !== 'writer' ? 0 : Math.min(min, driver.limits[role]),
    acquireTimeout,
    idleTimeout: keeps ? Infinity : idleTimeout,
    maxLifetime: keeps ? Infinity : maxLifetime,
    callSites,
    runtime,
    events,
    ...opening,
  })
}

function createBreaker({ driver, options, runtime, breakerChanged }: NodeParts): CircuitBreaker | undefined {
  if (driver.embedded === true || options.breaker === undefined) return undefined
  return new CircuitBreaker({ ...options.breaker, now: () => runtime.now(), changed: breakerChanged })
}
