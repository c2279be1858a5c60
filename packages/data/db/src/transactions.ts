import { retry } from '@covet/resilience'
import { transactionBoundary } from './boundary.ts'
import type { BeginOptions } from './driver.ts'
import { CommitUnknown, ConnectionLost, DatabaseError, ReadOnlyNode } from './errors.ts'
import type { Observer } from './observer.ts'
import { resolveIsolation, resolveRetry, type TransactionOptions } from './options.ts'
import type { Pool } from './pool/pool.ts'
import type { Caller } from './routing/call.ts'
import type { Router } from './routing/router.ts'
import type { Runtime } from './runtime.ts'
import type { DatabaseNode } from './topology/node.ts'
import { type AfterCommit, Place, Transaction } from './transaction.ts'

export interface TransactionsParts {
  readonly router: Router
  readonly observer: Observer
  readonly runtime: Runtime
  /** Milliseconds a query waits for parallel work of the same transaction. */
  readonly waitTimeout: number
  readonly retrying: (attempt: number, delayMs: number, error: unknown) => void
}

type Work<T> = (transaction: Transaction) => Promise<T>

interface Committed<T> {
  readonly value: T
  readonly hooks: readonly AfterCommit[]
}

/** Begins transactions on pooled connections, runs them again where that may help, and calls their hooks. */
export class Transactions {
  readonly #parts: TransactionsParts
  #open = 0

  constructor(parts: TransactionsParts) {
    this.#parts = parts
  }

  /** Outermost transactions that have a connection. */
  get open(): number {
    return this.#open
  }

  async run<T>(work: Work<T>, caller: Caller, options: TransactionOptions): Promise<T> {
    const retries = resolveRetry(options.retry)
    resolveIsolation(options.isolation)
    const around = caller.scope?.transaction
    if (around && !around.isSandbox) return around.nest(work, caller.signal)
    const once = around ? () => nestedIn(around, work, caller) : () => this.#limited(() => this.#once(work, caller, options), caller)
    const { value, hooks } = await this.#retried(once, caller, retries)
    for (const hook of hooks) await this.callHook(hook)
    return value
  }

  /** Runs `work` in a transaction that is undone whatever becomes of it. */
  async undone<T>(work: Work<T>, caller: Caller): Promise<T> {
    const undo = new Undo<T>()
    try {
      await this.#once(
        async (transaction) => {
          undo.value = { value: await work(transaction) }
          throw undo
        },
        caller,
        {},
        true,
      )
    } catch (error) {
      if (error !== undo || !undo.value) throw error
    }
    return (undo.value as { value: T }).value
  }

  /** A hook cannot undo the commit it follows: its failure is reported. */
  async callHook(hook: AfterCommit): Promise<void> {
    try {
      await hook()
    } catch (error) {
      this.#parts.observer.report('afterCommit', error)
    }
  }

  #retried<T>(once: () => Promise<T>, { signal }: Caller, retries: number): Promise<T> {
    const { runtime, retrying } = this.#parts
    return retry(once, {
      retries,
      retryIf: (error) => error instanceof DatabaseError && error.retryable,
      signal,
      retrying,
      random: () => runtime.random(),
      clock: runtime,
    })
  }

  #limited<T>(work: () => Promise<T>, caller: Caller): Promise<T> {
    const { router } = this.#parts
    return router.isLimited ? router.limited(caller, work) : work()
  }

  async #once<T>(work: Work<T>, caller: Caller, options: TransactionOptions, sandbox = false): Promise<Committed<T>> {
    const { router, observer, waitTimeout } = this.#parts
    const readOnly = options.readOnly ?? options.on === 'replica'
    const { isolation } = options
    const begin: BeginOptions = { readOnly, ...(isolation && { isolation }), ...(caller.signal && { signal: caller.signal }) }
    const place = await this.#begun(caller, begin)
    this.#open += 1
    let broken = false
    const undoFailed = (error: unknown): void => {
      broken = true
      if (!(error instanceof ConnectionLost)) observer.report('rollback', error)
    }
    const move = async (error: ReadOnlyNode): Promise<boolean> => this.#moved(place, error, caller, begin)
    const transaction = new Transaction({
      place,
      boundary: transactionBoundary(place, begin),
      waitTimeout,
      undoFailed,
      hookFailed: (error) => observer.report('afterRollback', error),
      sandbox,
      ...(router.topology.several && !readOnly && { move }),
    })
    try {
      const value = await transaction.complete(() => work(transaction))
      place.node.succeeded()
      // It pays for a share of a retry, as a query does.
      router.losses.earn()
      return { value, hooks: transaction.takeHooks() }
    } catch (error) {
      const { failure } = transaction
      broken ||= failure instanceof ConnectionLost || failure instanceof CommitUnknown
      place.node.failed(failure)
      // R1: it is too late for this one; the next finds out where to go.
      if (transaction.refusal && !readOnly) void router.elsewhere(place.node, transaction.refusal)
      throw error
    } finally {
      this.#open -= 1
      if (!readOnly) router.wrote(caller)
      await this.#giveBack(place, broken)
    }
  }

  /** A place where the transaction has begun. What is lost before anything ran in it is begun once more elsewhere. */
  async #begun(caller: Caller, begin: BeginOptions): Promise<Place> {
    const { router } = this.#parts
    const pick = (node: DatabaseNode): Pool => (begin.readOnly ? node.reading : node.writers)
    const place = new Place(await router.lend(caller, pick))
    const { node } = place
    try {
      await this.#begin(place, begin)
      return place
    } catch (error) {
      const mayRepeat = router.losses.mayRepeat(node, place.lease, error, true)
      if (!mayRepeat && !(error instanceof ReadOnlyNode && (await router.elsewhere(node, error)))) throw error
    }
    const avoid = node === router.topology.primary ? undefined : node
    const other = new Place(await router.lend(caller, pick, { fresh: true, avoid }))
    await this.#begin(other, begin).catch((failure: unknown) => {
      other.node.failed(failure)
      throw failure
    })
    return other
  }

  async #begin(place: Place, begin: BeginOptions): Promise<void> {
    try {
      await place.connection.begin(begin)
      place.node.reached()
    } catch (error) {
      await this.#giveBack(place, error instanceof ConnectionLost)
      throw error
    }
  }

  /** R1: nothing of the transaction ran, so it may begin where writing is possible. */
  async #moved(place: Place, error: ReadOnlyNode, caller: Caller, begin: BeginOptions): Promise<boolean> {
    const { router } = this.#parts
    if (!(await router.elsewhere(place.node, error))) return false
    await this.#giveBack(place, true)
    const { lease, node } = await router.lend(caller, ({ writers }) => writers, { fresh: true })
    place.lease = lease
    place.node = node
    await place.connection.begin(begin)
    node.reached()
    return true
  }

  async #giveBack({ lease, connection }: Place, broken: boolean): Promise<void> {
    if (!broken && connection.transactionStatus === 'idle') {
      lease.pool.release(lease)
      return
    }
    try {
      await lease.pool.destroy(lease)
    } catch (error) {
      this.#parts.observer.report('release', error)
    }
  }
}

/** Thrown through a transaction to undo it. */
class Undo<T> extends Error {
  value: { readonly value: T } | undefined
}

async function nestedIn<T>(around: Transaction, work: Work<T>, caller: Caller): Promise<Committed<T>> {
  let inner: Transaction | undefined
  const value = await around.nest(async (nested) => {
    inner = nested
    return work(nested)
  }, caller.signal)
  return { value, hooks: inner?.takeHooks() ?? [] }
}
