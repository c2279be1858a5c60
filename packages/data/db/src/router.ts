import { BoundedCache } from './bounded-cache.ts'
import type { Connection, Driver, Role } from './driver.ts'
import { isPromise, type MaybePromise } from './maybe-promise.ts'
import { type AcquireOptions, Pool, type PoolState } from './pool.ts'
import { openTransactions, type Scope } from './scope.ts'

const remembered = 2_048
const wantsWriter = Symbol('wants a writer')

/** Who asks: the scope decides whose connection a query runs on. */
export interface Caller {
  readonly scope: Scope | undefined
  readonly signal: AbortSignal | undefined
}

/** The pools of one database, and the choice between them. */
export class Router {
  readonly writers: Pool
  readonly readers: Pool | undefined
  readonly streams: Pool | undefined
  readonly #ownStreams: Pool | undefined
  readonly #database: unknown
  readonly #readOnly = new BoundedCache<boolean>(remembered)

  constructor(database: unknown, driver: Driver, acquireTimeout: number) {
    const pool = (role: Role): Pool => new Pool({ role, max: driver.limits[role], acquireTimeout, connect: () => driver.nodes[0].connect(role) })
    this.#database = database
    this.writers = pool('writer')
    this.readers = driver.limits.reader > 0 ? pool('reader') : undefined
    this.#ownStreams = driver.limits.stream > 0 ? pool('stream') : undefined
    this.streams = driver.streamRole && { writer: this.writers, reader: this.readers, stream: this.#ownStreams }[driver.streamRole]
  }

  get pools(): readonly Pool[] {
    return [this.#ownStreams, this.readers, this.writers].filter((pool) => pool !== undefined)
  }

  get state(): Partial<Record<Role, PoolState>> {
    return Object.fromEntries(this.pools.map((pool) => [pool.role, pool.state]))
  }

  /** Inside a transaction on its connection; else what only reads on a reader, anything else on a writer. */
  run<T>(text: string, caller: Caller, work: (connection: Connection) => MaybePromise<T>): MaybePromise<T> {
    caller.signal?.throwIfAborted()
    const transaction = caller.scope?.transaction
    if (transaction) return transaction.use(work, caller.signal)
    const { readers } = this
    if (readers === undefined) return this.write(caller, work)
    const known = this.#readOnly.get(text)
    // A writer can do everything: better it than a wait for a reader that may not be needed.
    if (known === false || (known === undefined && !readers.available)) return this.write(caller, work)
    const outcome = readers.use<T | typeof wantsWriter>(
      (connection) => (known === true || this.#learn(text, connection) ? work(connection) : wantsWriter),
      this.acquireOptions(readers, caller),
    )
    if (isPromise(outcome)) return outcome.then((value) => (value === wantsWriter ? this.write(caller, work) : value))
    return outcome === wantsWriter ? this.write(caller, work) : outcome
  }

  write<T>(caller: Caller, work: (connection: Connection) => MaybePromise<T>): MaybePromise<T> {
    caller.signal?.throwIfAborted()
    const transaction = caller.scope?.transaction
    if (transaction) return transaction.use(work, caller.signal)
    return this.writers.use(work, this.acquireOptions(this.writers, caller))
  }

  acquireOptions(pool: Pool, { scope, signal }: Caller): () => AcquireOptions {
    return () => ({ signal, held: this.#heldAround(scope, pool) })
  }

  #heldAround(scope: Scope | undefined, pool: Pool): number {
    if (scope === undefined) return 0
    return [...openTransactions(this.#database, scope)].filter((transaction) => pool.lends(transaction.connection)).length
  }

  #learn(text: string, connection: Connection): boolean {
    const readOnly = connection.isReadOnly(text)
    this.#readOnly.set(text, readOnly)
    return readOnly
  }
}
