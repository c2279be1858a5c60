import type { Kysely } from 'kysely'
import { fromToken, toToken } from './consistency-token.ts'
import type { Database } from './database.ts'
import { bindDriver } from './driver-of.ts'
import type { Connection, IsolationLevel, Result, ServerInfo, Statement } from './driver.ts'
import { DatabaseClosedError, EndedTransactionError, SandboxRefused, UnknownConnectionError } from './errors.ts'
import type { DatabaseEventName, DatabaseListener } from './events.ts'
import { checkNode, type NodeHealth } from './health.ts'
import { createKysely } from './kysely.ts'
import { isResult, toPromise, type MaybePromise } from './maybe-promise.ts'
import type { CloseOptions, ConnectionDefinition, QueryOptions, RunOptions, TransactionOptions } from './options.ts'
import type { Participant, ParticipantKind } from './participant.ts'
import { type DatabaseParts, createParts } from './parts.ts'
import type { Caller } from './routing/call.ts'
import type { Runtime } from './runtime.ts'
import { currentScope, runInScope, scopeOf } from './scope.ts'
import { runScript } from './script.ts'
import { currentSessions, Sessions } from './session.ts'
import { shutDown } from './shut-down.ts'
import { createSql, type Sql } from './sql.ts'
import { streamRows } from './stream.ts'
import type { Transaction } from './transaction.ts'

/** The databases created together, by name. */
export type Family = ReadonlyMap<string, PooledDatabase>

const noOptions: QueryOptions = {}

/** A {@link Database} over the pools of one connection definition. */
export class PooledDatabase implements Database {
  readonly name: string
  readonly dialect: string
  readonly defaultIsolation: IsolationLevel
  readonly sql: Sql
  readonly #parts: DatabaseParts
  readonly #family: Family
  #kysely: Kysely<unknown> | undefined
  #server: ServerInfo | undefined
  #closed: Promise<void> | undefined

  constructor(name: string, definition: ConnectionDefinition, family: Family, runtime: Runtime) {
    const { driver } = definition.connection
    this.name = name
    this.dialect = driver.dialect
    this.defaultIsolation = driver.defaultIsolation
    this.#family = family
    bindDriver(this, driver)
    this.#parts = createParts({ database: this, name, definition, runtime, isClosed: () => this.#closed !== undefined })
    this.sql = createSql({
      placeholder: (position) => driver.placeholder(position),
      quoteIdentifier: (identifier) => driver.quoteIdentifier(identifier),
      execute: (statement, options) => this.executeNow(statement, options),
      stream: (statement, options) => this.#stream(statement, options),
    })
  }

  get inTransaction(): boolean {
    const transaction = scopeOf(this)?.transaction
    return transaction !== undefined && !transaction.isSandbox
  }

  execute<Row = Record<string, unknown>>(statement: Statement, options?: QueryOptions): Promise<Result<Row>> {
    return toPromise(() => this.executeNow<Row>(statement, options))
  }

  executeNow<Row = Record<string, unknown>>(statement: Statement, options?: QueryOptions): MaybePromise<Result<Row>> {
    return this.#executeNow(statement, options) as MaybePromise<Result<Row>>
  }

  stream<Row = Record<string, unknown>>(statement: Statement, options: QueryOptions = {}): AsyncIterableIterator<Row> {
    return this.#stream(statement, options) as AsyncIterableIterator<Row>
  }

  async script(text: string, options: QueryOptions = {}): Promise<void> {
    const caller = this.#caller(options)
    const around = caller.scope?.transaction
    // The savepoint shows a script that ends the transaction it runs in: it would be gone.
    const work = (connection: Connection): Promise<void> => runScript(connection, text, caller.signal)
    if (around) await around.nest(async (nested) => nested.use(work), caller.signal)
    else await this.#parts.router.write({ caller, text: undefined, work })
  }

  async withConnection<T>(work: (connection: Connection) => MaybePromise<T>, options: QueryOptions = {}): Promise<T> {
    const caller = this.#caller(options)
    const inside = caller.scope?.transaction !== undefined
    return this.#parts.router.write({
      caller,
      text: undefined,
      work: async (connection) => {
        try {
          const value = await work(connection)
          if (inside && connection.transactionStatus === 'idle') throw new EndedTransactionError()
          return value
        } finally {
          // Outside of a transaction its pool closes one that is busy, and what runs on it too.
          if (inside || connection.isBusy !== true) await connection.endStreams?.()
        }
      },
    })
  }

  async transaction<T>(work: () => T | PromiseLike<T>, options: TransactionOptions = {}): Promise<T> {
    const caller = this.#caller(options)
    if (caller.scope?.transaction === undefined) this.#parts.advice.onIsolation(options)
    return this.#parts.transactions.run(this.#inside(work), caller, options)
  }

  async sandbox<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const caller = this.#caller(noOptions)
    if (caller.scope?.transaction) throw new SandboxRefused('it is inside a transaction already')
    return this.#parts.transactions.undone(this.#inside(work), caller)
  }

  detached<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const around = scopeOf(this)?.transaction
    // What leaves a sandbox would stay: there, detached work joins what is open.
    const transaction = around?.root.isSandbox === true ? around.root.innermost : undefined
    const { advice, transactions, topology } = this.#parts
    if (around && !transaction) advice.onDetached(transactions.open, topology.primary.writers.max)
    return runInScope({ database: this, transaction, sessions: currentSessions(), outer: currentScope() }, async () => await work())
  }

  run<T>(work: () => T, { after }: RunOptions = {}): T {
    const around = currentSessions()
    const sessions = after === undefined ? (around ?? new Sessions()) : new Sessions(around).bind(this, fromToken(after) || undefined)
    return runInScope({ database: this, transaction: scopeOf(this)?.transaction, sessions, outer: currentScope() }, work)
  }

  async consistencyToken(options: QueryOptions = {}): Promise<string> {
    const { signal } = this.#caller(options)
    return toToken((await this.#parts.router.position(signal)) ?? '')
  }

  get inSandbox(): boolean {
    return scopeOf(this)?.transaction?.root.isSandbox === true
  }

  afterCommit(hook: () => unknown): void {
    const transaction = scopeOf(this)?.transaction
    if (transaction && !transaction.isSandbox) transaction.afterCommit(hook)
    else void this.#parts.transactions.callHook(hook)
  }

  participant<P extends Participant>(kind: ParticipantKind<P>): P | undefined {
    const transaction = scopeOf(this)?.transaction
    return transaction === undefined || transaction.isSandbox ? undefined : transaction.participant(kind)
  }

  kysely<Tables>(): Kysely<Tables> {
    this.#kysely ??= createKysely<unknown>(this.#parts.driver, {
      execute: (statement, options) => this.execute<unknown>(statement, options),
      stream: (statement, options) => this.#stream(statement, options),
    })
    return this.#kysely as Kysely<Tables>
  }

  on<Name extends DatabaseEventName>(event: Name, listener: DatabaseListener<Name>): () => void {
    return this.#parts.events.on(event, listener)
  }

  connection(name: string): Database {
    const database = this.#family.get(name)
    if (!database) throw new UnknownConnectionError(name, [...this.#family.keys()])
    return database
  }

  server(): MaybePromise<ServerInfo> {
    if (this.#server) return this.#server
    const caller = this.#caller(noOptions)
    const work = ({ server }: Connection): ServerInfo => (this.#server = server)
    return this.#parts.router.write({ caller, text: undefined, work })
  }

  async health(options: QueryOptions = {}): Promise<readonly NodeHealth[]> {
    const all = await Promise.all([...this.#family.values()].map((database) => database.#health(options)))
    return all.flat()
  }

  async connect(): Promise<void> {
    for (const database of this.#family.values()) await database.#parts.connect(() => database.server())
  }

  async close(options: CloseOptions = {}): Promise<void> {
    await Promise.all([...this.#family.values()].map((database) => database.#close(options)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Awaited inside the scope: a thenable that queries when awaited would otherwise run outside of it. */
  #inside<T>(work: () => T | PromiseLike<T>): (transaction: Transaction) => Promise<T> {
    const outer = currentScope()
    const sessions = currentSessions()
    return (transaction) => runInScope({ database: this, transaction, sessions, outer }, async () => await work())
  }

  /** @throws {DatabaseClosedError} unless the caller is in a transaction that the closing waits for */
  #caller({ signal, on }: QueryOptions): Caller {
    const scope = scopeOf(this)
    if (this.#closed && !scope?.transaction) throw new DatabaseClosedError()
    return { scope, sessions: this.#parts.router.needsSessions ? currentSessions() : undefined, signal, on }
  }

  /** What every query passes: the common case makes nothing on its way, neither promise nor closure. */
  #executeNow(statement: Statement, options: QueryOptions | undefined): MaybePromise<Result<unknown>> {
    const { router, observer } = this.#parts
    if (this.#closed !== undefined || options?.signal !== undefined || !router.isPlain || observer.active)
      return this.#execute(statement, this.#caller(options ?? noOptions))
    const transaction = scopeOf(this)?.transaction
    if (transaction) return transaction.execute(statement, undefined)
    const lease = router.takeIdle(statement.text)
    if (lease === undefined) return this.#execute(statement, this.#caller(noOptions))
    const { pool, connection } = lease
    let outcome: MaybePromise<Result<unknown>>
    try {
      outcome = connection.execute(statement)
    } catch (error) {
      pool.keep(lease)
      pool.release(lease)
      throw error
    }
    if (isResult(outcome)) {
      pool.putBack(lease)
      return outcome
    }
    pool.keep(lease)
    return outcome.finally(() => pool.release(lease))
  }

  #execute(statement: Statement, caller: Caller): MaybePromise<Result<unknown>> {
    const { router, observer } = this.#parts
    const { text } = statement
    if (!observer.active) return router.run({ caller, text, work: (connection) => connection.execute(statement, caller.signal) })
    return observer.observe(statement, (watch) =>
      router.run({
        caller,
        text,
        work: (connection, node) => {
          watch.started(node.name)
          return connection.execute(statement, caller.signal)
        },
      }),
    )
  }

  #stream(statement: Statement, options: QueryOptions): AsyncIterableIterator<unknown> {
    const { router, observer, reads } = this.#parts
    const caller = this.#caller(options)
    const from: Caller = { ...caller, on: caller.on ?? reads }
    if (!observer.active) return streamRows(router, statement, from, () => this.#execute(statement, caller))
    return observer.observeStream(statement, (watch) =>
      streamRows(
        router,
        statement,
        from,
        () =>
          router.run({
            caller,
            text: statement.text,
            work: (connection, node) => {
              watch.started(node.name)
              return connection.execute(statement, caller.signal)
            },
          }),
        watch,
      ),
    )
  }

  async #health({ signal }: QueryOptions): Promise<readonly NodeHealth[]> {
    if (this.#closed) throw new DatabaseClosedError()
    const { topology, driver } = this.#parts
    return Promise.all(topology.nodes.map((node) => checkNode(node, { connection: this.name, driver, topology, signal })))
  }

  #close(options: CloseOptions): Promise<void> {
    this.#closed ??= shutDown(this.#parts.router.pools, options).finally(() => this.#parts.topology.close())
    return this.#closed
  }
}

/** The database of the innermost transaction, `detached` or `run` around the caller, whichever it is. */
export function currentDatabase(): Database | undefined {
  return currentScope()?.database as Database | undefined
}
