import { longestTimeout } from '@covet/resilience'
import type { Connection, Role } from '../driver.ts'
import { ConnectionFailedError, ConnectionLost, DatabaseClosedError, DetachedDeadlockError, PoolTimeout } from '../errors.ts'
import { isUnreached } from '../errors/connection-errors.ts'
import { type MaybePromise, toPromise } from '../maybe-promise.ts'
import type { Runtime } from '../runtime.ts'
import { captureSite, type CallSite } from './call-site.ts'
import { Lease } from './lease.ts'
import type { PoolEvents, PoolHolder, PoolState } from './state.ts'
import { WaitQueue } from './wait-queue.ts'

/** Durations in milliseconds. */
export interface PoolSettings {
  readonly role: Role
  readonly max: number
  readonly min: number
  readonly acquireTimeout: number
  /** Infinity: connections are kept whatever their age. */
  readonly idleTimeout: number
  readonly maxLifetime: number
  /** The share of acquisitions whose call site is kept. */
  readonly callSites: number
  readonly runtime: Runtime
  readonly events: PoolEvents
  connect(): MaybePromise<Connection>
  /** Opening failed, and nobody waits any more who would be told. */
  unheard(error: unknown): void
}

export interface AcquireOptions {
  signal?: AbortSignal | undefined
  /** Connections of this pool held by the transactions around the caller: with all of them taken, waiting has no end. */
  held?: number
  /** Not one that has been idle: the server may have ended all of those. */
  fresh?: boolean
}

const shownHolders = 5
const longestSweepMs = 1_000

/** Connections of one role on one node, opened when needed and lent to one user at a time, first come first served. */
export class Pool {
  readonly role: Role
  readonly #settings: PoolSettings
  readonly #idle: Lease[] = []
  readonly #lent = new Set<Lease>()
  readonly #queue = new WaitQueue<Lease>()
  readonly #waited = { count: 0, totalMs: 0, longestMs: 0 }
  /** No longer of use, but on the server until they are closed. */
  readonly #closing = new Set<Promise<void>>()
  /** Of these, those that were lost, and those in whose places others are being opened. */
  #uncounted = 0
  #opening = 0
  #closed = false
  #onQuiet: (() => void)[] = []
  #sweeper: NodeJS.Timeout | undefined

  constructor(settings: PoolSettings) {
    this.role = settings.role
    this.#settings = settings
  }

  get max(): number {
    return this.#settings.max
  }

  get state(): PoolState {
    return {
      max: this.max,
      total: this.#total,
      idle: this.#idle.length,
      waiting: this.#queue.size,
      waited: { ...this.#waited },
      holders: this.#holders(),
    }
  }

  /** Whether `acquire` would not wait for somebody else. */
  get available(): boolean {
    return !this.#closed && (this.#idle.length > 0 || this.#total < this.max)
  }

  /** Whether nothing is lent or being closed and nobody waits. */
  get isQuiet(): boolean {
    return this.#lent.size === 0 && this.#opening === 0 && this.#closing.size === 0 && this.#queue.size === 0
  }

  /**
   * An idle connection for work that ends before anybody else can run, given back by `putBack`; what turns out to go on
   * is made a loan by `keep`.
   */
  takeIdle(): Lease | undefined {
    return this.#idle.pop()
  }

  putBack(lease: Lease): void {
    this.#idle.push(lease)
  }

  keep(lease: Lease): void {
    lease.since = this.#settings.runtime.now()
    lease.site = this.#site()
    this.#lent.add(lease)
    if (this.#settings.events.listening) this.#settings.events.acquired(this.role, 0)
  }

  /** @throws {PoolTimeout} {@link DetachedDeadlockError} {@link DatabaseClosedError}, the signal's reason, or what opening failed with */
  async acquire({ signal, held = 0, fresh = false }: AcquireOptions = {}): Promise<Lease> {
    if (this.#closed) throw new DatabaseClosedError()
    signal?.throwIfAborted()
    const site = this.#site()
    const { events } = this.#settings
    const asked = events.listening ? this.#settings.runtime.now() : 0
    const lease = await this.#next(held, fresh, signal)
    lease.since = this.#settings.runtime.now()
    lease.site = site
    if (events.listening) events.acquired(this.role, this.#settings.runtime.now() - asked)
    return lease
  }

  /** Takes a connection back: to the next in the queue, to the idle ones, or out of the pool when it is of no more use. */
  release(lease: Lease): void {
    // After a forced close a borrower may still come back.
    if (!this.#lent.has(lease)) return
    const { connection } = lease
    if (!connection.isOpen) this.discard(lease)
    else if (connection.isBusy === true) this.#giveUp(lease)
    else if (connection.transactionStatus !== 'idle') void this.#cleanUp(lease)
    else this.#served(lease)
  }

  /** Takes a connection that cannot be trusted any more out of the pool. */
  async destroy(lease: Lease): Promise<void> {
    if (this.#lent.delete(lease)) await this.#end(lease)
  }

  /** The connection is lost already: that closing it fails too says nothing new. */
  discard(lease: Lease): void {
    this.destroy(lease).catch(() => undefined)
  }

  /** Opens what is missing to the minimum. */
  async fill(): Promise<void> {
    while (!this.#closed && this.#staying < this.#settings.min && this.#total < this.max) this.#passOn(await this.#open())
    this.#startSweeping()
  }

  /** Closes what has been idle or open for too long, and opens what is then missing to the minimum. */
  sweep(): void {
    const now = this.#settings.runtime.now()
    const { min, idleTimeout } = this.#settings
    const old = this.#idle.filter((lease) => lease.expiresAt <= now)
    const spare = this.#idle.filter((lease) => lease.expiresAt > now && now - lease.since >= idleTimeout)
    for (const lease of old) void this.#retire(lease)
    for (const lease of spare.slice(0, Math.max(0, this.#staying - min))) void this.#retire(lease)
    if (this.#staying < min) this.fill().catch((error: unknown) => this.#couldNotFill(error))
    if (this.#idle.length === 0 && min === 0) this.#stopSweeping()
  }

  /** Resolves when the pool is quiet, at once if it is. */
  quiet(): Promise<void> {
    if (this.isQuiet) return Promise.resolve()
    return new Promise((resolve) => this.#onQuiet.push(resolve))
  }

  /** Closes every connection, those still lent too: what runs on them fails with `ConnectionLost`. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopSweeping()
    while (this.#queue.size > 0) this.#queue.refuse(new DatabaseClosedError())
    const leases = [...this.#lent, ...this.#idle]
    this.#lent.clear()
    this.#idle.length = 0
    const outcomes = await Promise.allSettled(leases.map(async ({ connection }) => connection.close()))
    // Whether these close is told to those who gave them up.
    await Promise.allSettled(this.#closing)
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason as unknown)
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${leases.length} ${this.role} connections failed to close.`)
  }

  /** Those on the server. */
  get #total(): number {
    return this.#staying + this.#closing.size - this.#uncounted
  }

  get #staying(): number {
    return this.#idle.length + this.#lent.size + this.#opening
  }

  async #next(held: number, fresh: boolean, signal: AbortSignal | undefined): Promise<Lease> {
    if (!fresh) {
      const idle = this.#idle.pop()
      if (idle !== undefined) {
        this.#lent.add(idle)
        return idle
      }
    } else if (this.#total >= this.max) {
      const [oldest] = this.#idle
      if (oldest !== undefined) return this.#openFor(signal, oldest)
    }
    if (this.#total < this.max) return this.#openFor(signal)
    if (held >= this.max) throw new DetachedDeadlockError(this.role)
    return this.#wait(held, signal)
  }

  async #wait(held: number, signal: AbortSignal | undefined): Promise<Lease> {
    const { acquireTimeout: timeout, runtime } = this.#settings
    const asked = runtime.now()
    const timedOut = (): Error => new PoolTimeout(timeout, { role: this.role, ...this.state, ownTransactions: held })
    try {
      return await this.#queue.wait({ timeout, signal, timedOut })
    } finally {
      const waitedMs = runtime.now() - asked
      this.#waited.count += 1
      this.#waited.totalMs += waitedMs
      this.#waited.longestMs = Math.max(this.#waited.longestMs, waitedMs)
    }
  }

  #site(): CallSite | undefined {
    const { callSites, runtime } = this.#settings
    return callSites === 1 || (callSites > 0 && runtime.random() < callSites) ? captureSite() : undefined
  }

  #holders(): readonly PoolHolder[] {
    const now = this.#settings.runtime.now()
    return [...this.#lent]
      .toSorted((a, b) => a.since - b.since)
      .slice(0, shownHolders)
      .map(({ since, site }) => ({ heldMs: now - since, ...(site && { site: site.toString() }) }))
  }

  #served(lease: Lease): void {
    lease.isNew = false
    this.#passOn(lease)
  }

  #passOn(lease: Lease): void {
    lease.site = undefined
    const now = this.#settings.runtime.now()
    if (lease.expiresAt <= now) return this.discard(lease)
    if (this.#queue.grant(lease)) return undefined
    this.#lent.delete(lease)
    lease.since = now
    lease.isNew = false
    this.#idle.push(lease)
    this.#startSweeping()
    this.#noticeQuiet()
    return undefined
  }

  async #cleanUp(lease: Lease): Promise<void> {
    this.#reportLeak(lease)
    try {
      await lease.connection.rollback()
      this.release(lease)
    } catch (error) {
      this.#settings.events.failed(error)
      this.discard(lease)
    }
  }

  /** The next one would have to wait for what still runs on it, or fail because of it. */
  #giveUp(lease: Lease): void {
    if (lease.connection.transactionStatus !== 'idle') this.#reportLeak(lease)
    this.destroy(lease).catch((error: unknown) => this.#settings.events.failed(error))
  }

  #reportLeak({ since, site }: Lease): void {
    const { events, runtime } = this.#settings
    events.leaked(this.role, runtime.now() - since, site?.stack)
  }

  /**
   * Opens a connection for a caller, who waits for it no longer than for one of somebody else's. One who does not wait for
   * others waits for as long as the driver tries. `instead` of: an idle one whose place it takes.
   */
  #openFor(signal: AbortSignal | undefined, instead?: Lease): Promise<Lease> {
    const { acquireTimeout } = this.#settings
    const timeout = acquireTimeout === 0 ? longestTimeout : acquireTimeout
    const timedOut = (): Error =>
      new ConnectionFailedError(`no connection was made within ${timeout} ms, see \`pool.acquireTimeout\``, { settled: false })
    const opening = this.#open(instead)
    const caller = new WaitQueue<Lease>()
    const waiting = caller.wait({ timeout, signal, timedOut })
    opening.then(
      (lease) => {
        if (!caller.grant(lease)) this.#passOn(lease)
      },
      (error: unknown) => {
        if (!caller.refuse(error)) this.#settings.unheard(error)
        this.#serveByOpening()
      },
    )
    return waiting
  }

  /** A new connection, which is lent. */
  async #open(instead?: Lease): Promise<Lease> {
    this.#opening += 1
    let lease: Lease
    try {
      if (instead) await this.#retire(instead, true)
      lease = this.#adopt(await this.#settings.connect())
      this.#lent.add(lease)
    } finally {
      this.#opening -= 1
      this.#noticeQuiet()
    }
    if (!this.#closed) return lease
    await this.destroy(lease)
    throw new DatabaseClosedError()
  }

  #adopt(connection: Connection): Lease {
    const { maxLifetime, runtime } = this.#settings
    const now = runtime.now()
    const lease = new Lease(connection, this, { now, expiresAt: now + maxLifetime * (1 - runtime.random() / 10) })
    // Whoever has it meanwhile hears of it from the driver, and gives it back.
    connection.onLost?.(() => {
      lease.isLost = true
      void this.#retire(lease)
    })
    return lease
  }

  /** Somebody waits and there is room: a connection is opened for the first in the queue, or it hears why not. */
  #serveByOpening(): void {
    if (this.#queue.size === 0 || this.#total >= this.max) return
    this.#open().then(
      (lease) => this.#passOn(lease),
      (error: unknown) => {
        if (!this.#queue.refuse(error)) this.#settings.unheard(error)
        this.#serveByOpening()
      },
    )
  }

  /** That the server cannot be reached is for those to tell who want something of it: this is tried again and again. */
  #couldNotFill(error: unknown): void {
    if (isUnreached(error)) return
    this.#settings.events.failed(error)
  }

  #makeRoom(): void {
    this.#serveByOpening()
    this.#noticeQuiet()
  }

  /** Closes an idle connection, resolving when it is closed; nothing happens to one that is lent. */
  async #retire(lease: Lease, replaced = false): Promise<void> {
    const index = this.#idle.indexOf(lease)
    if (index < 0) return
    this.#idle.splice(index, 1)
    try {
      await this.#end(lease, replaced)
    } catch (error) {
      if (!(error instanceof ConnectionLost)) this.#settings.events.failed(error)
    }
  }

  /** Closes what is neither lent nor idle any more. It counts on the server until it is closed, unless it was lost. */
  async #end({ connection, isLost }: Lease, replaced = false): Promise<void> {
    const uncounted = Number(replaced || isLost)
    const closing = toPromise(() => connection.close())
    this.#closing.add(closing)
    this.#uncounted += uncounted
    if (isLost) this.#makeRoom()
    try {
      await closing
    } finally {
      this.#closing.delete(closing)
      this.#uncounted -= uncounted
      this.#makeRoom()
    }
  }

  #startSweeping(): void {
    const { idleTimeout, maxLifetime } = this.#settings
    if (this.#sweeper || this.#closed || idleTimeout === Infinity) return
    const every = Math.min(longestSweepMs, Math.max(10, idleTimeout / 2), Math.max(10, maxLifetime / 2))
    this.#sweeper = setInterval(() => this.sweep(), every).unref()
  }

  #stopSweeping(): void {
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }

  #noticeQuiet(): void {
    if (!this.isQuiet) return
    for (const resolve of this.#onQuiet.splice(0)) resolve()
  }
}
