import { type Boundary, savepointBoundary } from './boundary.ts'
import type { Connection } from './driver.ts'
import { TransactionAborted, TransactionBusyError, TransactionClosed } from './errors.ts'
import { runWithSequel, type MaybePromise } from './maybe-promise.ts'
import { Mutex } from './mutex.ts'
import type { WaitOptions } from './wait-queue.ts'

/** Called once, after the outermost commit. */
export type AfterCommit = () => unknown

export interface TransactionParts {
  readonly connection: Connection
  readonly boundary: Boundary
  /** Milliseconds a query waits for parallel work of the same transaction. */
  readonly waitTimeout: number
  readonly parent?: Transaction
  /** Hears of a rollback that failed; what failed first is what the caller gets. */
  readonly undoFailed: (error: unknown) => void
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
  #phase: 'open' | 'ended' | 'abandoned' = 'open'
  #child: Transaction | undefined
  #abortedBy: { error: unknown } | undefined

  constructor(parts: TransactionParts) {
    this.#parts = parts
    this.root = parts.parent?.root ?? this
    this.#depth = parts.parent ? parts.parent.#depth + 1 : 0
  }

  get connection(): Connection {
    return this.#parts.connection
  }

  get isOpen(): boolean {
    return this.#phase === 'open'
  }

  /** Registers a hook for the outermost commit; dropped when this transaction, or one around it, is rolled back. */
  afterCommit(hook: AfterCommit): void {
    this.#assertUsable()
    this.#afterCommit.push(hook)
  }

  /** The hooks left after the commit. */
  get hooks(): readonly AfterCommit[] {
    return this.#afterCommit
  }

  /**
   * Runs `work` on the connection with nothing else of this transaction beside it.
   * @throws {TransactionClosed} {@link TransactionAborted}
   */
  use<T>(work: (connection: Connection) => MaybePromise<T>, signal?: AbortSignal): MaybePromise<T> {
    this.#assertUsable()
    if (!this.#lane.tryLock()) return this.#useLater(work, signal)
    return this.#exclusively(work)
  }

  /** Runs `work` in a savepoint: its failure undoes what it did and nothing else. */
  async nest<T>(work: (nested: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#assertUsable()
    await this.#lane.lock(this.#patience(signal))
    const nested = this.#nested()
    try {
      this.#assertUsable()
      await nested.#parts.boundary.begin()
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
      await this.#parts.boundary.keep()
    } catch (error) {
      await this.#fail()
      throw error
    }
    const { parent } = this.#parts
    if (parent) parent.#afterCommit.push(...this.#afterCommit)
    return value
  }

  async #useLater<T>(work: (connection: Connection) => MaybePromise<T>, signal?: AbortSignal): Promise<T> {
    await this.#lane.lock(this.#patience(signal))
    return this.#exclusively(work)
  }

  #exclusively<T>(work: (connection: Connection) => MaybePromise<T>): MaybePromise<T> {
    return runWithSequel(
      () => {
        this.#assertNotAborted()
        return work(this.connection)
      },
      {
        failed: (error) => this.#noticeAbort(error),
        settled: () => this.#lane.unlock(),
      },
    )
  }

  #nested(): Transaction {
    // Named by depth: on one level there is one at a time, and the texts are few enough to stay prepared.
    const boundary = savepointBoundary(this.connection, `covet_${this.#depth + 1}`)
    return new Transaction({ ...this.#parts, parent: this, boundary })
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
    if (this.connection.transactionStatus === 'idle') return
    try {
      await this.#parts.boundary.undo()
    } catch (error) {
      // Without its savepoint the whole transaction is lost; only without ROLLBACK the connection is too.
      this.root.#abortedBy ??= { error }
      if (this === this.root) this.#parts.undoFailed(error)
    }
  }

  /** Some errors make the engine roll everything back on its own: what follows must not run outside the transaction. */
  #noticeAbort(error: unknown): void {
    if (this.connection.transactionStatus === 'idle') this.root.#abortedBy ??= { error }
  }

  #assertUsable(): void {
    if (this.#phase !== 'open') throw new TransactionClosed()
    this.#assertNotAborted()
  }

  #assertNotAborted(): void {
    const abortedBy = this.root.#abortedBy
    if (abortedBy) throw new TransactionAborted({ cause: abortedBy.error })
  }

  #patience(signal: AbortSignal | undefined): WaitOptions {
    const { waitTimeout } = this.#parts
    return { timeout: waitTimeout, signal, timedOut: () => new TransactionBusyError(waitTimeout) }
  }
}
