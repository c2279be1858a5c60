import { errors } from '@covet/db'
import type { Client, TransactionStatus } from 'pg'
import { sqlStateOf } from '../map-error.ts'
import { type CancelTarget, requestCancel } from './cancel.ts'
import type { Exchange } from './exchange.ts'
import { type ClientInside, insideOf } from './protocol.ts'
import { Watchdog } from './watchdog.ts'

/** The SQLSTATE of a statement that was ended by a cancellation, or by its limit. */
const cancelled = '57014'

export interface SessionOptions {
  /** Milliseconds an exchange may take before it is cancelled; 0 for any time. */
  readonly limit: number
  /** Milliseconds the server may take to answer a cancellation, or to take its leave. */
  readonly patience: number
  /** Where cancellations go. */
  readonly target: CancelTarget
}

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined
  /** Takes the time it takes. */
  readonly unlimited?: boolean
}

/** How long somebody's own statement timeout holds. */
export type LimitScope = 'transaction' | 'connection'

interface Running {
  readonly exchange: Exchange
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  answered: boolean
  cancelling: Cancelling | undefined
}

interface Cancelling {
  noted: boolean
  readonly late: NodeJS.Timeout
  readonly byClosing: boolean
}

/** A connected client: one exchange at a time, each ended when the server is ready for the next, or when the connection is lost. */
export class Session {
  readonly #client: Client
  readonly #inside: ClientInside
  readonly #options: SessionOptions
  readonly #watchdog: Watchdog
  readonly #lossListeners = new Set<(error: unknown) => void>()
  #running: Running | undefined
  #lostBy: { cause: unknown } | undefined
  #closed: Promise<void> | undefined
  /** Called when the exchange that runs has ended. */
  #onEnded: (() => void) | undefined
  #limitOfServer: LimitScope | undefined

  constructor(client: Client, options: SessionOptions) {
    this.#client = client
    this.#inside = insideOf(client)
    this.#options = options
    this.#watchdog = new Watchdog(options.limit, () => this.#cancel())
    // An error of an idle connection has nobody else to hear it, and without a listener it would end the process.
    client.on('error', (error) => this.abandon(error))
    client.on('end', () => this.#end())
    // After pg's own listener, which notes the transaction's status.
    this.#inside.connection.on('readyForQuery', () => this.#ready())
  }

  get isOpen(): boolean {
    return this.#lostBy === undefined && this.#closed === undefined
  }

  /** Whether an exchange has not ended. */
  get isBusy(): boolean {
    return this.#running !== undefined
  }

  /** `I`: in no transaction; `T`: in one; `E`: in one that failed. As of the last exchange. */
  get transactionStatus(): TransactionStatus {
    return this.isOpen ? this.#client.getTransactionStatus() : 'I'
  }

  /** Called once, when the connection ends without having been closed. */
  onLost(listener: (error: unknown) => void): void {
    this.#lossListeners.add(listener)
  }

  /**
   * Rejects with what the server or pg said, with the signal's reason, or with `ConnectionLost`. In each case the server
   * is ready again, or the connection is gone.
   */
  async run(exchange: Exchange, { signal, unlimited = false }: ExchangeOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    if (!this.isOpen) throw new errors.ConnectionLost({ cause: this.#lostBy?.cause, sent: false })
    if (this.#running) throw new errors.QueryFailed('the connection does one thing at a time, and is at another')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#running = { exchange, resolve, reject, answered: false, cancelling: undefined }
    if (!unlimited && this.#limitOfServer === undefined) this.#watchdog.start()
    this.#inside.query(exchange)
    await (signal ? this.#abortable(promise, signal) : promise)
  }

  /** Somebody sets a statement timeout: exchanges may take what that allows. */
  leaveLimitToServer(scope: LimitScope): void {
    if (this.#limitOfServer !== 'connection') this.#limitOfServer = scope
  }

  /** Takes leave of the server; in the middle of an exchange, which is cancelled and fails with `ConnectionLost`. */
  close(): Promise<void> {
    this.#closed ??= this.#lostBy ? Promise.resolve() : this.#leave()
    return this.#closed
  }

  /** Gives the connection up. */
  abandon(cause: unknown): void {
    if (this.#lostBy) return
    this.#lostBy = { cause }
    this.#watchdog.end()
    this.#inside.connection.stream.destroy()
    for (const listener of this.#lossListeners) listener(cause)
    this.#lossListeners.clear()
  }

  async #leave(): Promise<void> {
    this.#watchdog.end()
    this.#lossListeners.clear()
    // A closed socket alone leaves a statement running on the server, with its locks, to its commit.
    if (this.#running) await this.#endRunning()
    const late = setTimeout(() => this.#inside.connection.stream.destroy(), this.#options.patience)
    await this.#client.end()
    clearTimeout(late)
  }

  #endRunning(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEnded = resolve
      this.#cancel(true)
    })
  }

  async #abortable(answer: Promise<void>, signal: AbortSignal): Promise<void> {
    const abort = (): void => this.#cancel()
    signal.addEventListener('abort', abort, { once: true })
    try {
      await answer
    } catch (error) {
      // What ended before the cancellation came ended as it did.
      throw signal.aborted && sqlStateOf(error) === cancelled ? signal.reason : error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  #cancel(byClosing = false): void {
    const running = this.#running
    if (!running || running.cancelling) return
    const { target, patience } = this.#options
    const request = requestCancel(target)
    const late = setTimeout(() => {
      request.abandon()
      this.abandon(new Error(`The server did not answer a cancellation within ${patience} ms.`))
    }, patience)
    const cancelling = { noted: false, late, byClosing }
    running.cancelling = cancelling
    request.noted.then(
      () => {
        cancelling.noted = true
        this.#settle(running)
      },
      // The statement would run on, with its locks.
      (error: unknown) => this.abandon(error),
    )
  }

  #ready(): void {
    const running = this.#running
    if (!running) return
    this.#watchdog.stop()
    if (this.#limitOfServer === 'transaction' && this.transactionStatus === 'I') this.#limitOfServer = undefined
    running.answered = true
    this.#settle(running)
  }

  /** A cancellation still on its way would hit whatever comes next: it is waited for as well. */
  #settle(running: Running): void {
    const { exchange, answered, cancelling } = running
    if (running !== this.#running || !answered || cancelling?.noted === false) return
    this.#running = undefined
    clearTimeout(cancelling?.late)
    if (exchange.failure === undefined) running.resolve()
    else running.reject(failureOf(running))
    this.#onEnded?.()
  }

  #end(): void {
    this.abandon(new Error('The server closed the connection.'))
    const running = this.#running
    if (!running) return
    this.#running = undefined
    clearTimeout(running.cancelling?.late)
    // What the server said last says more than what pg makes of the end of the socket.
    const { failure } = running.exchange
    running.reject(new errors.ConnectionLost({ cause: sqlStateOf(failure) === '' ? this.#lostBy?.cause : failure }))
    this.#onEnded?.()
  }
}

/** What ended before the cancellation came ended as it did. */
function failureOf({ exchange: { failure }, cancelling }: Running): unknown {
  return cancelling?.byClosing && sqlStateOf(failure) === cancelled ? new errors.ConnectionLost({ cause: failure }) : failure
}
