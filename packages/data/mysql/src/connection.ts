import { type BeginOptions, type Connection, errors, type Replication, type Result, type ServerInfo, type Statement } from '@covet/db'
import { assertCount, interpolate } from './bind.ts'
import type { Canceller } from './cancel.ts'
import { TransactionEndedError } from './errors.ts'
import { interruptible } from './interruptible.ts'
import { errnoOf, mapError } from './map-error.ts'
import { replicationOf } from './replication.ts'
import { toResult } from './result.ts'
import { Sender, type SenderOptions } from './sender.ts'
import { changesSession } from './session-changes.ts'
import { type SessionOptions, sessionSql, streamSettings } from './session.ts'
import { scriptChangesSession, scriptCommitsImplicitly, type StatementFacts } from './statement-facts.ts'
import type { StatementTexts } from './statement-texts.ts'
import { streamRows } from './stream.ts'
import { TransactionState } from './transaction-state.ts'
import type { Reply, Wire } from './wire.ts'

export interface MysqlConnectionOptions extends SessionOptions, SenderOptions {
  readonly server: ServerInfo
  readonly canceller: Canceller
  /** Milliseconds the server has to answer a cancellation. */
  readonly cancelTimeout: number
  readonly texts: StatementTexts
  readonly allowImplicitCommit: boolean
}

interface RunOptions {
  readonly text?: string
  readonly signal?: AbortSignal | undefined
  /** Whether the server ends the statement at its limit by itself. */
  readonly limitedByServer: boolean
}

/** What a statement answers that was ended by KILL QUERY. */
const killed = 1317

/** A connection of mysql2 behind the contract of `@covet/db`. */
export class MysqlConnection implements Connection {
  readonly server: ServerInfo
  readonly replication: Replication
  readonly #wire: Wire
  readonly #options: MysqlConnectionOptions
  readonly #sender: Sender
  readonly #transaction = new TransactionState()
  /** The session is not what its next user expects. */
  #changed = false
  /** Statements on their way: one, unless the connection is not used as it should be. */
  #running = 0
  /** The server was told to end a statement, which may reach the next one. */
  #mayBeKilled = false

  constructor(wire: Wire, options: MysqlConnectionOptions) {
    this.#wire = wire
    this.#options = options
    this.#sender = new Sender(wire, options)
    this.server = options.server
    this.replication = replicationOf(options.server, async (text, params = [], signal) => {
      const { rows } = await this.execute({ text, params }, signal)
      return rows as Record<string, unknown>[]
    })
  }

  get isOpen(): boolean {
    return this.#wire.isOpen && !this.#changed
  }

  get isBusy(): boolean {
    return this.#running > 0
  }

  onLost(listener: (error: unknown) => void): void {
    this.#wire.onLost((error) => listener(mapError(error)))
  }

  get transactionStatus(): 'idle' | 'open' | 'failed' {
    return this.#transaction.status
  }

  async execute({ text, params, rowMode = 'object' }: Statement, signal?: AbortSignal): Promise<Result<unknown>> {
    const facts = this.#runnable(text, params)
    const asArray = rowMode !== 'object'
    const send = this.#sender.sender(text, facts, params, asArray)
    const reply = await this.#run(send, { text, signal, limitedByServer: this.#isMariadb || facts.readOnly })
    await this.#learn(reply, facts)
    return toResult(reply, facts, rowMode)
  }

  isReadOnly(text: string): boolean {
    return this.#options.texts.factsOf(text).readOnly
  }

  async *stream({ text, params, rowMode = 'object' }: Statement, signal?: AbortSignal): AsyncGenerator<unknown> {
    const { parts } = this.#runnable(text, params)
    const sql = interpolate(parts, params)
    // How long it takes is up to its reader.
    const { unlimited, limited } = streamSettings(this.server, this.#options)
    await this.#control(unlimited)
    this.#running += 1
    try {
      yield* streamRows(this.#wire, sql, {
        rowMode,
        signal,
        mapped: (error) => mapError(error, text),
        stop: () => this.#stop(),
        patience: this.#options.cancelTimeout,
        cut: () => this.#cut(),
      })
    } finally {
      this.#running -= 1
      await this.#settle()
      if (this.#wire.isOpen) await this.#control(limited)
    }
  }

  async script(text: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.#assertUsable()
    const { allowImplicitCommit } = this.#options
    if (this.#transaction.isOpen && !allowImplicitCommit && scriptCommitsImplicitly(text)) throw new errors.ImplicitCommit('the script')
    let mayHaveChanged = true
    try {
      const { headers } = await this.#run(() => this.#sendScript(text), { text, signal, limitedByServer: this.#isMariadb })
      mayHaveChanged = headers.some(({ stateChanges }) => stateChanges)
    } finally {
      if (mayHaveChanged) await this.#resetSession()
      else if (scriptChangesSession(text)) this.#changed = true
    }
  }

  async begin(options: BeginOptions): Promise<void> {
    options.signal?.throwIfAborted()
    this.#assertUsable()
    for (const sql of this.#transaction.begin(options)) await this.#control(sql)
  }

  async commit(): Promise<boolean> {
    // A connection that ended took its transaction along, before anybody asked to keep it.
    if (!this.#transaction.isOpen || !this.#wire.isOpen) return false
    if (this.#transaction.status === 'failed') {
      await this.rollback()
      return false
    }
    await this.#control('commit')
    return true
  }

  async rollback(): Promise<void> {
    if (this.#transaction.isOpen) await this.#control('rollback')
  }

  async savepoint(name: string): Promise<void> {
    this.#assertUsable()
    await this.#control(`savepoint ${name}`)
    this.#transaction.savepoint(name)
  }

  async rollbackTo(name: string): Promise<void> {
    await this.#control(`rollback to savepoint ${name}`)
    this.#transaction.rolledBackTo(name)
  }

  async release(name: string): Promise<void> {
    await this.#control(`release savepoint ${name}`)
    this.#transaction.released(name)
  }

  async close(): Promise<void> {
    if (this.isBusy && this.#wire.isOpen) await this.#options.canceller.endConnection(this.#wire)
    else await this.#wire.end(this.#options.cancelTimeout)
  }

  get #isMariadb(): boolean {
    return this.server.product === 'MariaDB'
  }

  #assertUsable(): void {
    if (!this.#wire.isOpen) throw new errors.ConnectionLost({ sent: false })
    this.#transaction.assertNotFailed()
  }

  #runnable(text: string, params: readonly unknown[]): StatementFacts {
    const facts = this.#options.texts.factsOf(text)
    if (facts.transactionControl !== undefined) throw new errors.TransactionControlError(facts.transactionControl)
    this.#assertUsable()
    const { allowImplicitCommit } = this.#options
    if (facts.commitsImplicitly && this.#transaction.isOpen && !allowImplicitCommit) throw new errors.ImplicitCommit(facts.verb)
    assertCount(facts.parts, params)
    if (facts.changesSession) this.#changed = true
    return facts
  }

  async #run<T>(send: () => Promise<T>, { text, signal, limitedByServer }: RunOptions): Promise<T> {
    signal?.throwIfAborted()
    const { statementTimeout, cancelTimeout } = this.#options
    // The server is given as long to end a statement at its limit as when it is told to.
    const grace = limitedByServer ? cancelTimeout : 0
    this.#running += 1
    try {
      return await interruptible(() => this.#mapped(send, text), {
        signal,
        deadline: statementTimeout === 0 ? 0 : statementTimeout + grace,
        expired: () => new errors.StatementTimeout(text === undefined ? {} : { statement: text }),
        stop: () => this.#stop(),
        patience: this.#options.cancelTimeout,
        cut: () => this.#cut(),
      })
    } catch (error) {
      await this.#settle(error)
      throw error
    } finally {
      this.#running -= 1
    }
  }

  async #mapped<T>(send: () => Promise<T>, text: string | undefined): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw mapError(error, text)
    }
  }

  /** What the driver itself says to the server. Nobody waits for an answer that does not come: such a connection is cut. */
  async #control(sql: string): Promise<void> {
    const { statementTimeout, cancelTimeout } = this.#options
    const { headers } = await interruptible(() => this.#mapped(() => this.#wire.query(sql, false), undefined), {
      signal: undefined,
      deadline: statementTimeout === 0 ? 0 : statementTimeout + cancelTimeout,
      expired: () => new errors.ConnectionLost(),
      stop: async () => this.#cut(),
      patience: cancelTimeout,
      cut: () => this.#cut(),
    })
    for (const { serverStatus } of headers) this.#transaction.note(serverStatus)
  }

  /** The flags that come with the end of the mode are those after the script, failed or not. */
  async #sendScript(text: string): Promise<Reply> {
    await this.#wire.multiStatements(true)
    try {
      return await this.#wire.query(text, false)
    } finally {
      if (this.#wire.isOpen) this.#transaction.note(await this.#wire.multiStatements(false))
    }
  }

  /** A dump sets what it needs, and not always back; a script that failed half-way does not tell what it set. */
  async #resetSession(): Promise<void> {
    this.#changed = true
    if (this.#wire.isOpen) await this.#control(sessionSql(this.server, this.#options))
  }

  /** From an answer: what became of the session and of the transaction. */
  async #learn({ headers }: Reply, { commitsImplicitly, verb }: StatementFacts): Promise<void> {
    const last = headers.at(-1)
    if (!last) return
    const wasOpen = this.#transaction.isOpen
    this.#transaction.note(last.serverStatus)
    try {
      const changed = changesSession(headers)
      this.#changed ||= changed
    } catch (error) {
      this.#cut()
      throw error
    }
    if (!wasOpen || this.#transaction.isOpen) return
    if (!commitsImplicitly) throw new TransactionEndedError(verb)
    for (const sql of this.#transaction.beginAgain()) await this.#control(sql)
  }

  /**
   * After a failure: an error may have ended the transaction on the server, which the answer to anything else tells; and
   * the order to end a statement may only arrive now.
   */
  async #settle(error?: unknown): Promise<void> {
    if (!this.#wire.isOpen || !(this.#transaction.isOpen || this.#mayBeKilled)) return
    try {
      await this.#control('do 0')
    } catch (further) {
      if (errnoOf((further as Error).cause) !== killed) this.#cut()
      else await this.#settle(error)
      return
    }
    this.#mayBeKilled = false
    // The server undoes the statement alone and would commit the rest.
    if (error instanceof errors.LockTimeout) this.#transaction.fail(error)
  }

  async #stop(): Promise<void> {
    this.#mayBeKilled = true
    await this.#options.canceller.endStatement(this.#wire)
  }

  #cut(): void {
    void this.#wire.destroy()
  }
}
