import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Driver, IsolationLevel, Result, Statement } from './driver.ts'
import { DatabaseClosedError, UnknownConnectionError } from './errors.ts'
import { type DatabaseEventName, type DatabaseListener, Events } from './events.ts'
import { checkNode, type NodeHealth } from './health.ts'
import { createKysely } from './kysely.ts'
import { toPromise, type MaybePromise } from './maybe-promise.ts'
import { Observer } from './observer.ts'
import type { CloseOptions, ConnectionDefinition, QueryOptions, TransactionOptions } from './options.ts'
import { type Caller, Router } from './router.ts'
import { currentScope, runInScope, scopeOf } from './scope.ts'
import { runScript } from './script.ts'
import { shutDown } from './shut-down.ts'
import { createSql, type Sql } from './sql.ts'
import { streamRows } from './stream.ts'
import type { Transaction } from './transaction.ts'
import { Transactions } from './transactions.ts'

/** The databases created together, by name. */
export type Family = ReadonlyMap<string, PooledDatabase>

/** A {@link Database} over the pools of one connection definition. */
export class PooledDatabase implements Database {
  readonly name: string
  readonly dialect: string
  readonly defaultIsolation: IsolationLevel
  readonly sql: Sql
  readonly #driver: Driver
  readonly #family: Family
  readonly #events = new Events()
  readonly #observer: Observer
  readonly #router: Router
  readonly #transactions: Transactions
  #kysely: Kysely<unknown> | undefined
  #closed: Promise<void> | undefined

  constructor(name: string, { connection: { driver, options } }: ConnectionDefinition, family: Family) {
    this.name = name
    this.dialect = driver.dialect
    this.defaultIsolation = driver.defaultIsolation
    this.#driver = driver
    this.#family = family
    this.#observer = new Observer({ connection: name, dialect: driver.dialect, events: this.#events, slowOver: options.slowQuery?.over })
    this.#router = new Router(this, driver, options.acquireTimeout)
    this.#transactions = new Transactions({
      router: this.#router,
      observer: this.#observer,
      waitTimeout: options.acquireTimeout,
      retrying: (attempt, delayMs, error) => this.#events.emit('retry', { connection: name, attempt, delayMs, error }),
    })
    this.sql = createSql({
      placeholder: (position) => driver.placeholder(position),
      quoteIdentifier: (identifier) => driver.quoteIdentifier(identifier),
      execute: (statement, queryOptions) => this.#execute(statement, this.#caller(queryOptions)),
      stream: (statement, queryOptions) => this.#stream(statement, queryOptions),
    })
  }

  get inTransaction(): boolean {
    return scopeOf(this)?.transaction !== undefined
  }

  execute<Row = Record<string, unknown>>(statement: Statement, options: QueryOptions = {}): Promise<Result<Row>> {
    return toPromise(() => this.#execute(statement, this.#caller(options))) as Promise<Result<Row>>
  }

  async script(text: string, options: QueryOptions = {}): Promise<void> {
    const caller = this.#caller(options)
    const around = caller.scope?.transaction
    // The savepoint shows a script that ends the transaction it runs in: it would be gone.
    if (around) await around.nest(async (nested) => nested.use((connection) => runScript(connection, text)), caller.signal)
    else await this.#router.write(caller, (connection) => runScript(connection, text))
  }

  async transaction<T>(work: () => T | PromiseLike<T>, options: TransactionOptions = {}): Promise<T> {
    const outer = currentScope()
    const inside = (transaction: Transaction): Promise<T> =>
      // Awaited inside the scope: a thenable that queries when awaited would otherwise run outside of it.
      runInScope({ database: this, transaction, outer }, async () => await work())
    return this.#transactions.run(inside, this.#caller(options), options)
  }

  detached<T>(work: () => T | PromiseLike<T>): Promise<T> {
    return runInScope({ database: this, transaction: undefined, outer: currentScope() }, async () => await work())
  }

  run<T>(work: () => T): T {
    return runInScope({ database: this, transaction: scopeOf(this)?.transaction, outer: currentScope() }, work)
  }

  afterCommit(hook: () => unknown): void {
    const transaction = scopeOf(this)?.transaction
    if (transaction) transaction.afterCommit(hook)
    else void this.#transactions.callHook(hook)
  }

  kysely<Tables>(): Kysely<Tables> {
    this.#kysely ??= createKysely<unknown>(this.#driver, {
      execute: (statement, options) => this.execute<unknown>(statement, options),
      stream: (statement, options) => this.#stream(statement, options),
    })
    return this.#kysely as Kysely<Tables>
  }

  on<Name extends DatabaseEventName>(event: Name, listener: DatabaseListener<Name>): () => void {
    return this.#events.on(event, listener)
  }

  connection(name: string): Database {
    const database = this.#family.get(name)
    if (!database) throw new UnknownConnectionError(name, [...this.#family.keys()])
    return database
  }

  async health(options: QueryOptions = {}): Promise<readonly NodeHealth[]> {
    return Promise.all([...this.#family.values()].map((database) => database.#checkNode(options)))
  }

  async connect(): Promise<void> {
    for (const database of this.#family.values())
      await database.#router.writers.use(
        () => undefined,
        () => ({}),
      )
  }

  async close(options: CloseOptions = {}): Promise<void> {
    await Promise.all([...this.#family.values()].map((database) => database.#close(options)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @throws {DatabaseClosedError} unless the caller is in a transaction that the closing waits for */
  #caller({ signal }: QueryOptions): Caller {
    const scope = scopeOf(this)
    if (this.#closed && !scope?.transaction) throw new DatabaseClosedError()
    return { scope, signal }
  }

  #execute(statement: Statement, caller: Caller): MaybePromise<Result<unknown>> {
    const { text } = statement
    if (!this.#observer.active) return this.#router.run(text, caller, (connection) => connection.execute(statement, caller.signal))
    return this.#observer.observe(text, (started) =>
      this.#router.run(text, caller, (connection) => {
        started()
        return connection.execute(statement, caller.signal)
      }),
    )
  }

  #stream(statement: Statement, options: QueryOptions): AsyncIterableIterator<unknown> {
    const caller = this.#caller(options)
    return streamRows(this.#router, statement, caller, () => this.#execute(statement, caller))
  }

  #checkNode({ signal }: QueryOptions): Promise<NodeHealth> {
    if (this.#closed) throw new DatabaseClosedError()
    return checkNode(this.name, this.#router, this.#driver.healthQuery, signal)
  }

  #close(options: CloseOptions): Promise<void> {
    this.#closed ??= shutDown(this.#router.pools, options)
    return this.#closed
  }
}

/** The database of the innermost transaction, `detached` or `run` around the caller, whichever it is. */
export function currentDatabase(): Database | undefined {
  return currentScope()?.database as Database | undefined
}
