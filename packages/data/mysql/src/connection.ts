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
import { RowQueue, streamRows } from './stream.ts'
import { TransactionState } from './transaction-state.ts'
import { questionOf } from './violation-facts.ts'
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
  /** The text is several statements, and nothing tells which of them failed. */
  readonly isScript?: boolean
}

/** A stream whose rows were not all read, or not yet. */
interface OpenStream {
  /** Ends it, once, and sees to it that the connection can be used. */
  readonly end: () => Promise<void>
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
  #stream: OpenStream | undefined
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
    const { unlimited, limited } = streamSettings(this.server, this.#options)
    // The server would count what its reader takes: the time the reader waits is limited here.
    await this.#control(unlimited)
    const rows = new RowQueue(this.#wire, {
      rowMode,
      mapped: (error) => mapError(error, text, this.server.product),
      limit: this.#options.statementTimeout,
      expired: () => new errors.StatementTimeout({ statement: text }),
      stop: () => this.#stop(),
      patience: this.#options.cancelTimeout,
      cut: () => this.#cut(),
    })
    const stream = this.#opened(rows, limited)
    try {
      yield* streamRows(rows, sql, signal)
    } catch (error) {
      const isLeft = this.#stream !== stream
      await stream.end()
      // Whoever left it has the connection now.
      throw isLeft ? error : await this.#told(error, text, signal)
    } finally {
      await stream.end()
    }
  }

  async script(text: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.#assertUsable()
    const { allowImplicitCommit } = this.#options
    if (this.#transaction.isOpen && !allowImplicitCommit && scriptCommitsImplicitly(text)) throw new errors.ImplicitCommit('the script')
    let mayHaveChanged = true
    try {
      const { headers } = await this.#run(() => this.#sendScript(text), { text, signal, limitedByServer: this.#isMariadb, isScript: true })
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
    if (this.#stream !== undefined) await this.#stream.end()
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

  /** Notes a stream, which is ended by its reader or, left behind, by the next use of the connection. */
  #opened(rows: RowQueue, limited: string): OpenStream {
    let ended: Promise<void> | undefined
    const stream = { end: () => (ended ??= this.#endStream(rows, limited)) }
    this.#running += 1
    this.#stream = stream
    return stream
  }

  async #endStream(rows: RowQueue, limited: string): Promise<void> {
    try {
      await rows.leave()
      await this.#settle()
      if (this.#wire.isOpen) await this.#say(limited)
    } catch {
      // What was read was read. The limits are not what they should be: whoever comes next finds the connection lost.
      this.#cut()
    } finally {
      this.#running -= 1
      this.#stream = undefined
    }
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

  async #run<T>(send: () => Promise<T>, { text, signal, limitedByServer, isScript = false }: RunOptions): Promise<T> {
    signal?.throwIfAborted()
    if (this.#stream !== undefined) {
      await this.#stream.end()
      signal?.throwIfAborted()
    }
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
      throw text === undefined || isScript ? error : await this.#told(error, text, signal)
    } finally {
      this.#running -= 1
    }
  }

  /** A violation with what its message leaves out, as far as the server knows. A look that fails says nothing: the first error counts. */
  async #told(error: unknown, text: string, signal: AbortSignal | undefined): Promise<unknown> {
    // A temporary table is in no schema, and one of the same name may be.
    if (this.#changed || !this.#wire.isOpen || signal?.aborted) return error
    const question = questionOf(error, text)
    if (!question) return error
    const { cancelTimeout } = this.#options
    try {
      const { rows } = await interruptible(() => this.#wire.query(question.sql, false), {
        signal,
        deadline: cancelTimeout,
        expired: () => new errors.StatementTimeout(),
        stop: () => this.#stop(),
        patience: cancelTimeout,
        cut: () => this.#cut(),
      })
      return question.answered(rows)
    } catch {
      await this.#settle()
      return error
    }
  }

  async #mapped<T>(send: () => Promise<T>, text: string | undefined): Promise<T> {
    try {
      return await send()
    } catch (error) {
      throw mapError(error, text, this.server.product)
    }
  }

  /** What the driver itself says to the server, on a connection that does nothing else. */
  #control(sql: string): Promise<void> {
    return this.#stream === undefined ? this.#say(sql) : this.#stream.end().then(() => this.#say(sql))
  }

  /** Nobody waits for an answer that does not come: such a connection is cut. */
  async #say(sql: string): Promise<void> {
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
      await this.#say('do 0')
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
