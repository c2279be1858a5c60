import type { Connection, Driver } from '../driver.ts'
import { isUnreached } from '../errors/connection-errors.ts'
import { isPromise, type MaybePromise } from '../maybe-promise.ts'
import type { ResolvedConnectionOptions } from '../options.ts'
import type { Lease } from '../pool/lease.ts'
import type { Pool } from '../pool/pool.ts'
import type { Runtime } from '../runtime.ts'
import { openTransactions } from '../scope.ts'
import type { Session, Sessions } from '../session.ts'
import type { DatabaseNode } from '../topology/node.ts'
import type { Topology } from '../topology/topology.ts'
import { Attempts } from './attempts.ts'
import { type Call, type Caller, type Lessons, nobody } from './call.ts'
import { Losses } from './losses.ts'
import { ReadOnlyTexts } from './read-only-texts.ts'
import { isBehind, Replicas } from './replicas.ts'

const wantsWriter = Symbol('wants a writer')

export interface RouterParts {
  readonly database: unknown
  readonly driver: Driver
  readonly options: ResolvedConnectionOptions
  readonly topology: Topology
  readonly runtime: Runtime
  /** R6: the primary has to read for the replicas. */
  readonly standingIn: () => void
}

/** Decides for every query on a node and a pool. */
export class Router {
  readonly topology: Topology
  readonly losses: Losses
  readonly #parts: RouterParts
  readonly #perScope: number
  readonly #texts = new ReadOnlyTexts()
  readonly #attempts: Attempts
  readonly #replicas: Replicas

  constructor(parts: RouterParts) {
    const { database, driver, topology, options, runtime } = parts
    this.topology = topology
    this.losses = new Losses(topology)
    this.#parts = parts
    this.#perScope = options.pool.perScope
    this.#replicas = new Replicas(parts)
    this.#attempts = new Attempts({
      database,
      embedded: driver.embedded === true,
      topology,
      texts: this.#texts,
      losses: this.losses,
      runtime,
      route: (call, lessons) => this.#route(call, lessons),
    })
  }

  get pools(): readonly Pool[] {
    return this.topology.nodes.flatMap(({ pools }) => pools)
  }

  /** Whether a stream may keep a connection. */
  get streams(): boolean {
    return this.topology.primary.streams !== undefined
  }

  /** Whether a query without options or scope may take whatever connection is idle on the one node there is. */
  get isPlain(): boolean {
    return !this.topology.several && this.#perScope === Infinity
  }

  /** Whether it matters what else a request did. */
  get needsSessions(): boolean {
    return !this.isPlain
  }

  /**
   * An idle connection for a statement that is known to fit it, of an engine in this process: for the caller that runs
   * something which ends at once, and gives it back. A connection to a server may be lost, which takes more care.
   */
  takeIdle(text: string): Lease | undefined {
    const { primary } = this.topology
    if (this.#parts.driver.embedded !== true) return undefined
    if (primary.readers === undefined) return primary.writers.takeIdle()
    const known = this.#texts.known(text)
    return known === undefined ? undefined : (known ? primary.readers : primary.writers).takeIdle()
  }

  /** Whether a statement only reads, where that is known or a connection can tell; undefined without either. */
  reads(text: string, connection?: Connection): boolean | undefined {
    return connection ? this.#texts.learn(text, connection) : this.#texts.known(text)
  }

  /** Inside a transaction on its connection; else what only reads where reads go, anything else on the primary. */
  run<T>(call: Call<T>): MaybePromise<T> {
    const { scope, signal } = call.caller
    signal?.throwIfAborted()
    const transaction = scope?.transaction
    if (transaction) return transaction.use(call.work, signal)
    this.topology.watch()
    return this.#perScope === Infinity ? this.#route(call, {}) : this.limited(call.caller, async () => this.#route(call, {}))
  }

  /** On the primary, whatever it is. */
  write<T>(call: Call<T>): MaybePromise<T> {
    const { scope, signal } = call.caller
    signal?.throwIfAborted()
    const transaction = scope?.transaction
    if (transaction) return transaction.use(call.work, signal)
    this.topology.watch()
    const go = (): MaybePromise<T> => this.#write(call, {})
    return this.#perScope === Infinity ? go() : this.limited(call.caller, async () => go())
  }

  /** Trap 15: no more of a request at once than `pool.perScope`. What is inside a transaction of it goes ahead. */
  async limited<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    const session = await this.enter(caller)
    try {
      return await work()
    } finally {
      session?.leave()
    }
  }

  /** The same for whoever leaves the session, where there is one, himself. */
  async enter({ scope, sessions, signal }: Caller): Promise<Session | undefined> {
    const session = this.session(sessions)
    if (session === undefined || openTransactions(this.#parts.database, scope).size > 0) return undefined
    await session.enter(this.#perScope, this.#parts.options.pool.acquireTimeout, signal)
    return session
  }

  /** The limit on what one request does at once, where there is one. */
  get isLimited(): boolean {
    return this.#perScope !== Infinity
  }

  /** A connection for a transaction, or for a stream. @throws {CircuitOpen} {@link NoReplica} */
  async lend(
    caller: Caller,
    pick: (node: DatabaseNode) => Pool,
    { fresh = false, avoid }: Lessons = {},
  ): Promise<{ node: DatabaseNode; lease: Lease }> {
    this.topology.watch()
    const node = caller.on === 'replica' ? await this.#replicaFor(caller, avoid) : this.topology.primary
    const pool = pick(node)
    try {
      const only = node.admit()
      return { node, lease: await pool.acquire(this.#attempts.acquiring(pool, caller, only || fresh)) }
    } catch (error) {
      node.failed(error)
      if (fresh || !isUnreached(error) || !(await this.elsewhere(node, error))) throw error
      return this.lend(caller, pick, { fresh: true, avoid: node })
    }
  }

  /** Remembers that the request has written. */
  wrote({ sessions }: Caller): void {
    if (this.topology.several) this.session(sessions)?.wrote()
  }

  session(sessions: Sessions | undefined): Session | undefined {
    return sessions?.of(this.#parts.database)
  }

  /** Whether what the node refused, before anything of it was done, is worth another try; finds out where. */
  elsewhere(node: DatabaseNode, error: unknown): Promise<boolean> {
    return this.#attempts.elsewhere(node, error)
  }

  /** How to try once more what was lost on the node before anything of it came, after a pause. */
  pause(node: DatabaseNode, signal: AbortSignal | undefined): Promise<Lessons> {
    return this.#attempts.pause(node, signal)
  }

  /** Where the primary is; undefined of an engine that does not replicate. */
  position(signal: AbortSignal | undefined): Promise<string | undefined> {
    return this.#replicas.position(signal)
  }

  #route<T>(call: Call<T>, lessons: Lessons): MaybePromise<T> {
    const { on = this.#parts.options.reads } = call.caller
    if (on === 'primary' || !this.topology.several) return this.#local(call, lessons)
    if (call.text === undefined || this.#texts.known(call.text) === false) return this.#write(call, lessons)
    return this.#remote(call, lessons)
  }

  /** On the primary, on its readers where it has some. */
  #local<T>(call: Call<T>, lessons: Lessons): MaybePromise<T> {
    const { primary } = this.topology
    const { readers } = primary
    const known = call.text === undefined ? false : this.#texts.known(call.text)
    // A writer can do everything: better it than a wait for a reader that may not be needed.
    if (readers === undefined || known === false || (known === undefined && !readers.available)) return this.#write(call, lessons)
    if (known === true) return this.#attempts.start(call, primary, readers, lessons)
    return this.#orWrite(call, lessons, this.#attempts.start(this.#ifReadOnly(call), primary, readers, lessons))
  }

  #write<T>(call: Call<T>, lessons: Lessons): MaybePromise<T> {
    const { primary } = this.topology
    if (!this.topology.several || call.caller.sessions === undefined) return this.#attempts.start(call, primary, primary.writers, lessons)
    return this.#writeNoted(call, primary, lessons)
  }

  /** Marks the request as having written, unless the statement reads only, or was never sent. */
  async #writeNoted<T>(call: Call<T>, primary: DatabaseNode, lessons: Lessons): Promise<T> {
    const { text } = call
    let wrote = false
    const work: Call<T>['work'] = (connection, node) => {
      wrote = text === undefined || !this.#texts.surely(text, connection)
      return call.work(connection, node)
    }
    try {
      return await this.#attempts.start({ ...call, work }, primary, primary.writers, lessons)
    } finally {
      if (wrote) this.wrote(call.caller)
    }
  }

  /** On a replica that has what the request wrote (R3), else on the primary. */
  async #remote<T>(call: Call<T>, lessons: Lessons): Promise<T> {
    const session = this.session(call.caller.sessions)
    const bound = session?.isBound === true ? session : undefined
    if (bound && !(await this.#replicas.mayBeAsked(bound, call.caller.signal))) return this.#local(call, lessons)
    const node = this.#replicas.pick(bound, lessons.avoid)
    if (node === undefined) return this.#local(call, lessons)
    const asked = bound && !bound.proven.has(node) ? this.#replicas.ifReached(this.#ifReadOnly(call), bound) : this.#ifReadOnly(call)
    const value = await this.#attempts.start(asked, node, node.reading, lessons)
    if (value === wantsWriter) return this.#write(call, lessons)
    if (value !== isBehind) return value as T
    if (bound) this.#replicas.wasBehind(bound)
    return this.#local(call, lessons)
  }

  async #replicaFor({ sessions, signal }: Caller, avoid: DatabaseNode | undefined): Promise<DatabaseNode> {
    const { primary } = this.topology
    if (!this.topology.several) return primary
    const session = this.session(sessions)
    if (session?.isBound !== true) return this.#replicas.pick(undefined, avoid) ?? primary
    if (!(await this.#replicas.mayBeAsked(session, signal))) return primary
    const node = this.#replicas.pick(session, avoid) ?? primary
    if (node === primary || session.proven.has(node)) return node
    const value = await this.#attempts.start(
      this.#replicas.ifReached({ caller: nobody(signal), text: undefined, work: () => true }, session),
      node,
      node.reading,
      {},
    )
    if (value !== isBehind) return node
    this.#replicas.wasBehind(session)
    return primary
  }

  #ifReadOnly<T>(call: Call<T>): Call<T | typeof wantsWriter> {
    const text = call.text ?? ''
    return {
      ...call,
      work: (connection, node) => (this.#texts.learn(text, connection) ? call.work(connection, node) : wantsWriter),
    }
  }

  #orWrite<T>(call: Call<T>, lessons: Lessons, outcome: MaybePromise<T | typeof wantsWriter>): MaybePromise<T> {
    if (isPromise(outcome)) return outcome.then((value) => (value === wantsWriter ? this.#write(call, lessons) : value))
    return outcome === wantsWriter ? this.#write(call, lessons) : outcome
  }
}
