import { setTimeout as pause } from 'node:timers/promises'
import { fullJitter } from './backoff.ts'
import { transactionBoundary } from './boundary.ts'
import type { BeginOptions, Connection } from './driver.ts'
import { CommitUnknown, ConnectionLost, DatabaseError } from './errors.ts'
import type { Observer } from './observer.ts'
import { resolveRetry, type TransactionOptions } from './options.ts'
import type { Pool } from './pool.ts'
import type { Caller, Router } from './router.ts'
import { type AfterCommit, Transaction } from './transaction.ts'

export interface TransactionsParts {
  readonly router: Router
  readonly observer: Observer
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

  constructor(parts: TransactionsParts) {
    this.#parts = parts
  }

  async run<T>(work: Work<T>, caller: Caller, options: TransactionOptions): Promise<T> {
    const around = caller.scope?.transaction
    if (around) return around.nest(work, caller.signal)
    const { value, hooks } = await this.#retried(work, caller, options)
    for (const hook of hooks) await this.callHook(hook)
    return value
  }

  /** A hook cannot undo the commit it follows: its failure is reported. */
  async callHook(hook: AfterCommit): Promise<void> {
    try {
      await hook()
    } catch (error) {
      this.#parts.observer.report('afterCommit', error)
    }
  }

  async #retried<T>(work: Work<T>, caller: Caller, options: TransactionOptions): Promise<Committed<T>> {
    const retry = resolveRetry(options.retry)
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(work, caller, options)
      } catch (error) {
        if (attempt >= retry || !(error instanceof DatabaseError) || !error.retryable) throw error
        const delayMs = fullJitter(attempt)
        this.#parts.retrying(attempt + 1, delayMs, error)
        await pause(delayMs, undefined, { signal: caller.signal })
      }
    }
  }

  async #once<T>(work: Work<T>, caller: Caller, { isolation, readOnly = false }: TransactionOptions): Promise<Committed<T>> {
    const { router, observer, waitTimeout } = this.#parts
    const pool = readOnly ? (router.readers ?? router.writers) : router.writers
    const connection = await pool.acquire(router.acquireOptions(pool, caller)())
    let broken = false
    const undoFailed = (error: unknown): void => {
      broken = true
      if (!(error instanceof ConnectionLost)) observer.report('rollback', error)
    }
    try {
      const { signal } = caller
      const begin: BeginOptions = { readOnly, ...(isolation && { isolation }), ...(signal && { signal }) }
      const boundary = transactionBoundary(connection, begin)
      await boundary.begin()
      const transaction = new Transaction({ connection, boundary, waitTimeout, undoFailed })
      const value = await transaction.complete(() => work(transaction))
      return { value, hooks: transaction.hooks }
    } catch (error) {
      broken ||= error instanceof ConnectionLost || error instanceof CommitUnknown
      throw error
    } finally {
      await this.#giveBack(pool, connection, broken)
    }
  }

  async #giveBack(pool: Pool, connection: Connection, broken: boolean): Promise<void> {
    if (!broken && connection.transactionStatus === 'idle') {
      pool.release(connection)
      return
    }
    try {
      await pool.destroy(connection)
    } catch (error) {
      this.#parts.observer.report('release', error)
    }
  }
}
