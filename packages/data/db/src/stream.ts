import type { Connection, Result, Statement } from './driver.ts'
import { ConnectionLost } from './errors.ts'
import type { MaybePromise } from './maybe-promise.ts'
import type { Watch } from './observer.ts'
import type { Lease } from './pool/lease.ts'
import type { Caller, Lessons } from './routing/call.ts'
import type { Losses } from './routing/losses.ts'
import type { Router } from './routing/router.ts'
import type { DatabaseNode } from './topology/node.ts'

/**
 * The rows of a statement from a connection of their own, or read at once where that connection would not see the same
 * data or could not run the statement.
 */
export async function* streamRows(
  router: Router,
  statement: Statement,
  caller: Caller,
  readAtOnce: () => MaybePromise<Result<unknown>>,
  watch?: Watch,
): AsyncIterableIterator<unknown> {
  if (!router.streams || caller.scope?.transaction || router.reads(statement.text) === false) {
    yield* (await readAtOnce()).rows
    return
  }
  const session = router.isLimited ? await router.enter(caller) : undefined
  let reads: boolean | undefined
  try {
    for (let lessons: Lessons | undefined = {}; lessons;) {
      const loan = new Loan(await router.lend(caller, (node) => node.streams ?? node.reading, lessons))
      try {
        reads = router.reads(statement.text, loan.connection)
        if (reads) {
          watch?.started(loan.node.name)
          yield* loan.rows(statement, caller.signal)
        }
      } catch (error) {
        loan.failed(error, lessons, router.losses)
      } finally {
        loan.giveBack()
      }
      lessons = loan.mayRepeat ? await router.pause(loan.node, caller.signal) : undefined
    }
  } finally {
    session?.leave()
  }
  if (!reads) yield* (await readAtOnce()).rows
}

/** A connection for one attempt to stream. */
class Loan {
  readonly node: DatabaseNode
  /** It was lost before anybody saw anything of it. */
  mayRepeat = false
  readonly #lease: Lease
  #rows: Rows | undefined
  #error: unknown

  constructor({ node, lease }: { node: DatabaseNode; lease: Lease }) {
    this.node = node
    this.#lease = lease
  }

  get connection(): Connection {
    return this.#lease.connection
  }

  rows(statement: Statement, signal: AbortSignal | undefined): Rows {
    this.#rows = new Rows(this.connection.stream(statement, signal))
    return this.#rows
  }

  /** @throws the error, unless another attempt may be made */
  failed(error: unknown, { fresh = false }: Lessons, losses: Losses): void {
    this.#error = error
    // P8: what only reads may be asked again.
    this.mayRepeat = losses.mayRepeat(this.node, this.#lease, error, this.#rows?.begun === false && !fresh)
    if (!this.mayRepeat) throw error
  }

  giveBack(): void {
    const { pool } = this.#lease
    // Whoever is admitted by a breaker says how it went, a reader that stops early and a statement that writes too.
    if (this.#error === undefined) this.node.succeeded()
    if (this.#error instanceof ConnectionLost) pool.discard(this.#lease)
    else pool.release(this.#lease)
  }
}

/** What a connection gives, and whether any of it has come. */
class Rows implements AsyncIterableIterator<unknown> {
  begun = false
  readonly #rows: AsyncIterator<unknown> | Iterator<unknown>

  constructor(rows: AsyncIterable<unknown> | Iterable<unknown>) {
    this.#rows = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<unknown>> {
    // `yield*` awaits what it is given, a promise or not.
    return (this.begun ? this.#rows.next() : this.#first()) as Promise<IteratorResult<unknown>>
  }

  async return(): Promise<IteratorResult<unknown>> {
    return (await this.#rows.return?.()) ?? { done: true, value: undefined }
  }

  async throw(error: unknown): Promise<IteratorResult<unknown>> {
    await this.return()
    throw error
  }

  async #first(): Promise<IteratorResult<unknown>> {
    const first = await this.#rows.next()
    this.begun = true
    return first
  }
}
