import type { Connection, Role } from './driver.ts'
import { ConnectionLost, DatabaseClosedError, DetachedDeadlockError, PoolTimeout } from './errors.ts'
import { runWithSequel, type MaybePromise } from './maybe-promise.ts'
import { WaitQueue } from './wait-queue.ts'

export interface PoolOptions {
  role: Role
  max: number
  /** Milliseconds. */
  acquireTimeout: number
  connect: () => MaybePromise<Connection>
}

export interface AcquireOptions {
  signal?: AbortSignal | undefined
  /** Connections of this pool held by the transactions around the caller: with all of them taken, waiting has no end. */
  held?: number
}

export interface PoolState {
  max: number
  total: number
  idle: number
  waiting: number
}

/** Connections of one role, opened when needed and lent to one user at a time, first come first served. */
export class Pool {
  readonly role: Role
  readonly #options: PoolOptions
  readonly #idle: Connection[] = []
  readonly #lent = new Set<Connection>()
  readonly #queue = new WaitQueue<Connection>()
  #opening = 0
  #closed = false
  #onQuiet: (() => void)[] = []

  constructor(options: PoolOptions) {
    this.role = options.role
    this.#options = options
  }

  get state(): PoolState {
    return { max: this.#options.max, total: this.#total, idle: this.#idle.length, waiting: this.#queue.size }
  }

  /** Whether `acquire` would not wait for somebody else. */
  get available(): boolean {
    return !this.#closed && (this.#idle.length > 0 || this.#total < this.#options.max)
  }

  /** Whether the connection is out and belongs to this pool. */
  lends(connection: Connection): boolean {
    return this.#lent.has(connection)
  }

  /** An idle connection, if there is one. */
  tryAcquire(): Connection | undefined {
    const connection = this.#idle.pop()
    if (connection !== undefined) this.#lent.add(connection)
    return connection
  }

  /** @throws {PoolTimeout}, {DetachedDeadlockError}, {DatabaseClosedError}, the signal's reason, or what opening failed with */
  async acquire({ signal, held = 0 }: AcquireOptions = {}): Promise<Connection> {
    if (this.#closed) throw new DatabaseClosedError()
    signal?.throwIfAborted()
    const idle = this.tryAcquire()
    if (idle !== undefined) return idle
    if (this.#total < this.#options.max) return this.#openFor()
    if (held >= this.#options.max) throw new DetachedDeadlockError(this.role)
    const timeout = this.#options.acquireTimeout
    return this.#queue.wait({ timeout, signal, timedOut: () => new PoolTimeout(timeout, { role: this.role, ...this.state }) })
  }

  /** Lends a connection to `work`, synchronously when one is idle and the work is synchronous. */
  use<T>(work: (connection: Connection) => MaybePromise<T>, options: () => AcquireOptions): MaybePromise<T> {
    const connection = this.tryAcquire()
    if (connection === undefined) return this.#useLater(work, options())
    return this.#lend(connection, work)
  }

  release(connection: Connection): void {
    // After a forced close a borrower may still come back.
    if (!this.#lent.has(connection)) return
    if (this.#queue.grant(connection)) return
    this.#lent.delete(connection)
    this.#idle.push(connection)
    this.#noticeQuiet()
  }

  /** Takes a connection that cannot be trusted any more out of the pool. */
  async destroy(connection: Connection): Promise<void> {
    if (!this.#lent.delete(connection)) return
    try {
      await connection.close()
    } finally {
      this.#serveByOpening()
      this.#noticeQuiet()
    }
  }

  /** Whether nothing is lent and nobody waits. */
  get isQuiet(): boolean {
    return this.#lent.size === 0 && this.#opening === 0 && this.#queue.size === 0
  }

  /** Resolves when the pool is quiet, at once if it is. */
  quiet(): Promise<void> {
    if (this.isQuiet) return Promise.resolve()
    return new Promise((resolve) => this.#onQuiet.push(resolve))
  }

  /** Closes every connection, those still lent too: what runs on them fails with `ConnectionLost`. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#queue.refuse(new DatabaseClosedError())) continue
    const connections = [...this.#lent, ...this.#idle]
    this.#lent.clear()
    this.#idle.length = 0
    const outcomes = await Promise.allSettled(connections.map(async (connection) => connection.close()))
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason as unknown)
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${connections.length} ${this.role} connections failed to close.`)
  }

  get #total(): number {
    return this.#idle.length + this.#lent.size + this.#opening
  }

  #lend<T>(connection: Connection, work: (connection: Connection) => MaybePromise<T>): MaybePromise<T> {
    let lost = false
    return runWithSequel(() => work(connection), {
      failed: (error) => {
        lost = error instanceof ConnectionLost
      },
      settled: () => {
        if (lost) this.#discard(connection)
        else this.release(connection)
      },
    })
  }

  async #useLater<T>(work: (connection: Connection) => MaybePromise<T>, options: AcquireOptions): Promise<T> {
    return this.#lend(await this.acquire(options), work)
  }

  async #openFor(): Promise<Connection> {
    try {
      return await this.#open()
    } catch (error) {
      this.#serveByOpening()
      throw error
    }
  }

  async #open(): Promise<Connection> {
    this.#opening += 1
    let connection: Connection
    try {
      connection = await this.#options.connect()
      this.#lent.add(connection)
    } finally {
      this.#opening -= 1
      this.#noticeQuiet()
    }
    if (!this.#closed) return connection
    await this.destroy(connection)
    throw new DatabaseClosedError()
  }

  /** Somebody waits and there is room: a connection is opened for the first in the queue, or it hears why not. */
  #serveByOpening(): void {
    if (this.#queue.size === 0 || this.#total >= this.#options.max) return
    this.#open().then(
      (connection) => this.release(connection),
      (error: unknown) => {
        this.#queue.refuse(error)
        this.#serveByOpening()
      },
    )
  }

  /** The connection is lost already: that closing it fails too says nothing new. */
  #discard(connection: Connection): void {
    this.destroy(connection).catch(() => undefined)
  }

  #noticeQuiet(): void {
    if (!this.isQuiet) return
    for (const resolve of this.#onQuiet.splice(0)) resolve()
  }
}
