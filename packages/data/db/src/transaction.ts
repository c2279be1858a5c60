import { type Boundary, savepointBoundary } from './boundary.ts'
import type { Connection, Result, Statement } from './driver.ts'
import {
  CommitUnknown,
  ConnectionLost,
  DatabaseError,
  ReadOnlyNode,
  TransactionAborted,
  TransactionBusyError,
  TransactionClosed,
} from './errors.ts'
import { isPromise, type MaybePromise } from './maybe-promise.ts'
import { Mutex } from './mutex.ts'
import type { Lease } from './pool/lease.ts'
import { type Participant, type ParticipantKind, Participants } from './participant.ts'
import type { Pool } from './pool/pool.ts'
import type { WaitOptions } from './pool/wait-queue.ts'
import type { DatabaseNode } from './topology/node.ts'

/** Called once, after the outermost commit. */
export type AfterCommit = () => unknown

/** Where a transaction runs. */
export class Place {
  lease: Lease
  node: DatabaseNode

  constructor({ lease, node }: { lease: Lease; node: DatabaseNode }) {
    this.lease = lease
    this.node = node
  }

  get connection(): Connection {
    return this.lease.connection
  }
}

export interface TransactionParts {
  readonly place: Place
  readonly boundary: Boundary
  /** Milliseconds a query waits for parallel work of the same transaction. */
  readonly waitTimeout: number
  readonly parent?: Transaction
  /** Everything in it is undone, and those directly inside count as outermost. */
  readonly sandbox?: boolean
  /** R1: finds another place when the first statement was refused by a node that does not write any more. */
  readonly move?: (error: ReadOnlyNode) => Promise<boolean>
  /** Hears of a rollback that failed; what failed first is what the caller gets. */
  readonly undoFailed: (error: unknown) => void
  /** Hears of a participant that failed after a rollback. */
  readonly hookFailed: (error: unknown) => void
}

/**
 * One transaction, or one savepoint in it. One piece of work at a time: a query, or a nested transaction as a whole, so
 * that siblings started in parallel do not end up in each other's savepoint.
 */
export class Transaction {
  readonly root: Transaction
  readonly #parts: TransactionParts
  readonly #depth: number
  readonly #lane = new Mutex()
  readonly #afterCommit: AfterCommit[] = []
  #participants: Participants | undefined
  #phase: 'open' | 'ended' | 'abandoned' = 'open'
  /** Something ran in it, so that it cannot move any more. */
  #settled: boolean
  #child: Transaction | undefined
  #abortedBy: { error: unknown } | undefined
  #refusal: ReadOnlyNode | undefined
  #failure: unknown
  #inDoubt = false

  constructor(parts: TransactionParts) {
    this.#parts = parts
    this.root = parts.parent?.root ?? this
    this.#depth = parts.parent ? parts.parent.#depth + 1 : 0
    this.#settled = parts.move === undefined
  }

  get connection(): Connection {
    return this.#parts.place.connection
  }

  get pool(): Pool {
    return this.#parts.place.lease.pool
  }

  get isSandbox(): boolean {
    return this.#parts.sandbox === true
  }

  /** The innermost transaction that is open: where detached work of a sandbox goes. */
  get innermost(): Transaction {
    return this.#child?.isOpen === true ? this.#child.innermost : this
  }

  get isOpen(): boolean {
    return this.#phase === 'open'
  }

  /** What its own connection refused to write with, unless `move` has heard of it. */
  get refusal(): ReadOnlyNode | undefined {
    return this.root.#refusal
  }

  /** What its own connection failed with last: what the work throws may be another database's. */
  get failure(): unknown {
    return this.root.#failure
  }

  /** Registers a hook for the outermost commit; dropped when this transaction, or one around it, is rolled back. */
  afterCommit(hook: AfterCommit): void {
    this.#assertUsable()
    this.#afterCommit.push(hook)
  }

  /** The participant of that kind, which is there from then on. */
  participant<P extends Participant>(kind: ParticipantKind<P>): P {
    this.#assertUsable()
    return (this.#participants ??= new Participants()).of(kind)
  }

  /** What is left to be called after the commit, which it then has no more: what was opened inside may hold it for long. */
  takeHooks(): readonly AfterCommit[] {
    const hooks = [...(this.#participants?.afterCommit ?? []), ...this.#afterCommit]
    this.#forget()
    return hooks
  }

  /**
   * Runs `work` on the connection with nothing else of this transaction beside it.
   * @throws {TransactionClosed} {@link TransactionAborted}
   */
  use<T>(work: (connection: Connection, node: DatabaseNode) => MaybePromise<T>, signal?: AbortSignal): MaybePromise<T> {
    this.#assertUsable()
    if (!this.#lane.tryLock()) return this.#useLater(work, signal)
    if (!this.root.#settled) return this.#first(work)
    const { place } = this.#parts
    let outcome: MaybePromise<T>
    try {
      outcome = work(place.connection, place.node)
    } catch (error) {
      this.#failed(error)
      throw error
    }
    if (isPromise(outcome)) return this.#whenDone(outcome)
    this.#lane.unlock()
    return outcome
  }

  /** The same for one statement, with nothing made on its way. */
  execute(statement: Statement, signal: AbortSignal | undefined): MaybePromise<Result<unknown>> {
    if (this.#phase !== 'open' || this.root.#abortedBy || !this.root.#settled || !this.#lane.tryLock())
      return this.use((connection) => connection.execute(statement, signal), signal)
    let outcome: MaybePromise<Result<unknown>>
    try {
      outcome = this.#parts.place.connection.execute(statement, signal)
    } catch (error) {
      this.#failed(error)
      throw error
    }
    if (isPromise(outcome)) return this.#whenDone(outcome)
    this.#lane.unlock()
    return outcome
  }

  /** Runs `work` in a savepoint: its failure undoes what it did and nothing else. */
  async nest<T>(work: (nested: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#assertUsable()
    await this.#lane.lock(this.#patience(signal))
    const nested = this.#nested()
    this.root.#settled = true
    try {
      this.#assertUsable()
      await nested.#begin()
      this.#child = nested
      return await nested.complete(async () => {
        this.#assertUsable()
        return work(nested)
      })
    } finally {
      this.#leave(nested)
    }
  }

  /** Runs the callback of a transaction that has begun, and then keeps or undoes what it did. */
  async complete<T>(work: () => Promise<T>): Promise<T> {
    let value: T
    try {
      value = await work()
      if (this.#phase === 'abandoned') throw new TransactionClosed()
      await this.#settle()
      this.#assertNotAborted()
      if (this.#isOutermost) await this.#participants?.beforeCommit()
      await this.#keep()
    } catch (error) {
      await this.#fail()
      throw error
    }
    const { parent } = this.#parts
    if (parent && !this.#isOutermost) {
      parent.#afterCommit.push(...this.#afterCommit)
      if (this.#participants) (parent.#participants ??= new Participants()).adopt(this.#participants)
      this.#forget()
    }
    return value
  }

  #forget(): void {
    this.#participants = undefined
    this.#afterCommit.length = 0
  }

  async #begin(): Promise<void> {
    try {
      await this.#parts.boundary.begin()
    } catch (error) {
      this.#notice(error)
      throw error
    }
  }

  async #keep(): Promise<void> {
    try {
      await this.#parts.boundary.keep()
    } catch (error) {
      this.#notice(error)
      this.#inDoubt = error instanceof CommitUnknown
      throw error
    }
  }

  get #isOutermost(): boolean {
    const { parent } = this.#parts
    return parent === undefined || parent.isSandbox
  }

  async #useLater<T>(work: (connection: Connection, node: DatabaseNode) => MaybePromise<T>, signal?: AbortSignal): Promise<T> {
    await this.#lane.lock(this.#patience(signal))
    return this.#whenDone(this.#now(work))
  }

  /** The first statement: until it has run, the transaction may still go elsewhere. */
  async #first<T>(work: (connection: Connection, node: DatabaseNode) => MaybePromise<T>): Promise<T> {
    this.root.#settled = true
    let value: T
    try {
      value = await this.#now(work)
    } catch (error) {
      if (await this.#whenDone(this.#moved(error), false)) return this.#whenDone(this.#now(work))
      this.root.#failure = error
      this.#noticeAbort(error)
      this.#lane.unlock()
      throw error
    }
    this.#lane.unlock()
    return value
  }

  /** What this fails with is what the statement fails with. */
  async #moved(error: unknown): Promise<boolean> {
    return error instanceof ReadOnlyNode && ((await this.#parts.move?.(error)) ?? false)
  }

  /** With the lane locked. */
  async #now<T>(work: (connection: Connection, node: DatabaseNode) => MaybePromise<T>): Promise<T> {
    this.#assertNotAborted()
    const { place } = this.#parts
    return work(place.connection, place.node)
  }

  /** `free`: whether the lane is free after it went well; it always is when it did not. */
  async #whenDone<T>(outcome: Promise<T>, free = true): Promise<T> {
    let value: T
    try {
      value = await outcome
    } catch (error) {
      this.#failed(error)
      throw error
    }
    if (free) this.#lane.unlock()
    return value
  }

  #failed(error: unknown): void {
    this.#notice(error)
    this.#noticeAbort(error)
    this.#lane.unlock()
  }

  #notice(error: unknown): void {
    this.root.#failure = error
    if (error instanceof ReadOnlyNode) this.root.#refusal ??= error
  }

  #nested(): Transaction {
    // Named by depth: on one level there is one at a time, and the texts are few enough to stay prepared.
    const boundary = savepointBoundary(this.connection, `covet_${this.#depth + 1}`)
    const { place, waitTimeout, undoFailed, hookFailed } = this.#parts
    return new Transaction({ place, waitTimeout, undoFailed, hookFailed, parent: this, boundary })
  }

  #leave(nested: Transaction): void {
    if (nested.#phase === 'abandoned') return
    this.#child = undefined
    this.#lane.unlock()
  }

  async #fail(): Promise<void> {
    if (this.#phase === 'abandoned') return
    await this.#settle()
    await this.#undo()
  }

  /** From here on nothing new runs; what runs already is waited for, a nested transaction nobody awaits is undone. */
  async #settle(phase: 'ended' | 'abandoned' = 'ended'): Promise<void> {
    if (this.#phase !== 'open') return
    this.#phase = phase
    this.#lane.shut(() => new TransactionClosed())
    while (this.#lane.locked) {
      const child = this.#child
      if (child?.isOpen) await this.#abandon(child)
      else await this.#lane.free()
    }
  }

  async #abandon(child: Transaction): Promise<void> {
    await child.#settle('abandoned')
    await child.#undo()
    this.#child = undefined
    this.#lane.unlock()
  }

  async #undo(): Promise<void> {
    if (this.connection.transactionStatus !== 'idle') await this.#rollBack()
    await this.#participants?.afterRollback(this.#inDoubt, this.#parts.hookFailed)
    this.#forget()
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#parts.boundary.undo()
    } catch (error) {
      // Without its savepoint the whole transaction is lost; only without ROLLBACK the connection is too.
      this.root.#abortedBy ??= { error }
      if (this === this.root) this.#parts.undoFailed(error)
    }
  }

  /** Some errors are the end of the whole transaction: what follows must not run outside of it. */
  #noticeAbort(error: unknown): void {
    if (error instanceof ConnectionLost || this.connection.transactionStatus === 'idle') this.root.#abortedBy ??= { error }
  }

  #assertUsable(): void {
    if (this.#phase !== 'open') throw new TransactionClosed()
    this.#assertNotAborted()
  }

  #assertNotAborted(): void {
    const abortedBy = this.root.#abortedBy
    if (abortedBy) throw abortedOver(abortedBy.error)
  }

  #patience(signal: AbortSignal | undefined): WaitOptions {
    const { waitTimeout } = this.#parts
    return { timeout: waitTimeout, signal, timedOut: () => new TransactionBusyError(waitTimeout) }
  }
}

/** What is not the caller's doing may work when it is tried later. */
function abortedOver(cause: unknown): TransactionAborted {
  const isUnavailable = cause instanceof DatabaseError && cause.statusCode === 503
  return new TransactionAborted({ cause, ...(isUnavailable && { statusCode: 503 }) })
}
