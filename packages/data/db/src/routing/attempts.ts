import { fullJitter } from '@covet/resilience'
import type { Connection } from '../driver.ts'
import { CircuitOpen, ConnectionLost, ReadOnlyNode } from '../errors.ts'
import { isUnreached } from '../errors/connection-errors.ts'
import { failed, isPromise, type MaybePromise } from '../maybe-promise.ts'
import type { Lease } from '../pool/lease.ts'
import type { AcquireOptions, Pool } from '../pool/pool.ts'
import type { Runtime } from '../runtime.ts'
import { openTransactions } from '../scope.ts'
import type { DatabaseNode } from '../topology/node.ts'
import type { Topology } from '../topology/topology.ts'
import type { Call, Caller, Lessons } from './call.ts'
import type { Losses } from './losses.ts'
import type { ReadOnlyTexts } from './read-only-texts.ts'

/** The bound of the pause before a retry, in milliseconds. */
const retryBaseMs = 10

export interface AttemptsParts {
  readonly database: unknown
  readonly embedded: boolean
  readonly topology: Topology
  readonly texts: ReadOnlyTexts
  readonly losses: Losses
  readonly runtime: Runtime
  /** Decides anew where a call goes. */
  readonly route: <T>(call: Call<T>, lessons: Lessons) => MaybePromise<T>
}

/** Runs calls on connections, and once more elsewhere what certainly did nothing where it failed (P8, R1). */
export class Attempts {
  readonly #parts: AttemptsParts

  constructor(parts: AttemptsParts) {
    this.#parts = parts
  }

  /** Runs the work on a connection of the pool, at once when one is idle and the work is synchronous. */
  start<T>(call: Call<T>, node: DatabaseNode, pool: Pool, lessons: Lessons): MaybePromise<T> {
    const open = node.breaker !== undefined && node.breaker.state !== 'closed'
    const lease = open || lessons.fresh === true ? undefined : pool.takeIdle()
    if (lease === undefined) return this.#startLater(call, node, pool, lessons)
    let outcome: MaybePromise<T>
    try {
      outcome = call.work(lease.connection, node)
    } catch (error) {
      pool.keep(lease)
      const again = this.#failed(call, node, lease, error, lessons)
      if (again) return again
      throw error
    }
    if (isPromise(outcome)) {
      pool.keep(lease)
      return this.#settle(call, node, lease, outcome, lessons)
    }
    pool.putBack(lease)
    node.succeeded()
    return outcome
  }

  async #startLater<T>(call: Call<T>, node: DatabaseNode, pool: Pool, lessons: Lessons): Promise<T> {
    let lease: Lease
    try {
      const only = node.admit()
      lease = await pool.acquire(this.acquiring(pool, call.caller, only || lessons.fresh === true))
      // What may be anything may ask nothing of the server, and fail for reasons of its own.
      if (only && call.text === undefined) node.reached()
    } catch (error) {
      node.failed(error)
      if (!isUnreached(error) || hasFailed(lessons) || !(await this.elsewhere(node, error))) throw error
      return this.#parts.route(call, { avoid: node, fresh: true })
    }
    return this.#settle(call, node, lease, callNow(call, lease.connection, node), lessons)
  }

  async #settle<T>(call: Call<T>, node: DatabaseNode, lease: Lease, outcome: MaybePromise<T>, lessons: Lessons): Promise<T> {
    let value: T
    try {
      value = await outcome
    } catch (error) {
      const again = this.#failed(call, node, lease, error, lessons)
      if (again) return again
      throw error
    }
    lease.pool.release(lease)
    node.succeeded()
    this.#parts.losses.earn()
    return value
  }

  /** Takes the connection back, and tries once more what certainly did nothing (P8, R1). */
  #failed<T>(call: Call<T>, node: DatabaseNode, lease: Lease, error: unknown, lessons: Lessons): Promise<T> | undefined {
    const { text } = call
    const didNothing = !hasFailed(lessons) && text !== undefined && this.#didNothing(text, lease.connection, error)
    if (error instanceof ReadOnlyNode && text !== undefined) this.#parts.texts.writes(text)
    const mayRepeat = this.#parts.losses.mayRepeat(node, lease, error, didNothing)
    if (error instanceof ConnectionLost || (error instanceof ReadOnlyNode && !this.#parts.embedded)) lease.pool.discard(lease)
    else lease.pool.release(lease)
    if (mayRepeat) return this.#again(call, node)
    if (error instanceof ReadOnlyNode && didNothing) return this.#againElsewhere(call, node, error)
    // It is too late for this one; the next finds out where to go.
    if (error instanceof ReadOnlyNode) void this.elsewhere(node, error)
    return undefined
  }

  async #againElsewhere<T>(call: Call<T>, node: DatabaseNode, error: ReadOnlyNode): Promise<T> {
    if (!(await this.elsewhere(node, error))) throw error
    return this.#again(call, node)
  }

  async #again<T>(call: Call<T>, node: DatabaseNode): Promise<T> {
    return this.#parts.route(call, await this.pause(node, call.caller.signal))
  }

  /** For what failed on the node before anything of it was done: how to try once more, after a pause. */
  async pause(node: DatabaseNode, signal: AbortSignal | undefined): Promise<Lessons> {
    const { runtime, topology } = this.#parts
    // What a server loses at one moment does not come back to it at one moment.
    await runtime.sleep(fullJitter(0, { base: retryBaseMs, random: runtime.random }), signal)
    return { avoid: node === topology.primary ? undefined : node, fresh: true }
  }

  #didNothing(text: string, connection: Connection, error: unknown): boolean {
    if (error instanceof ReadOnlyNode) return this.#parts.topology.several
    if (!(error instanceof ConnectionLost)) return false
    return !error.sent || this.#parts.texts.surely(text, connection)
  }

  /** Whether what the node refused, before anything of it was done, is worth another try; finds out where. */
  async elsewhere(node: DatabaseNode, error: unknown): Promise<boolean> {
    const { topology } = this.#parts
    if (!topology.several) return false
    if (node !== topology.primary) return true
    if (error instanceof CircuitOpen) return false
    if (error instanceof ReadOnlyNode) topology.demoted(node)
    await topology.rediscover()
    return topology.primary !== node
  }

  /** How a caller waits for a connection of the pool. */
  acquiring(pool: Pool, { scope, signal }: Caller, fresh = false): AcquireOptions {
    if (scope === undefined) return { signal, fresh }
    const held = [...openTransactions(this.#parts.database, scope)].filter((transaction) => transaction.pool === pool).length
    return { signal, fresh, held }
  }
}

function hasFailed({ fresh = false }: Lessons): boolean {
  return fresh
}

function callNow<T>(call: Call<T>, connection: Connection, node: DatabaseNode): MaybePromise<T> {
  try {
    return call.work(connection, node)
  } catch (error) {
    return failed(error)
  }
}
