import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { errors } from '@covet/db'
import { messageOf } from '../map-error.ts'
import { nodeOptions } from './node-options.ts'
import { unpackError } from './packed-error.ts'
import { type Answer, type Method, type Opening, opening, type Question, type Served, type State } from './protocol.ts'

// In the package it is JavaScript, in the source of it TypeScript.
const program = new URL(`./program${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** Milliseconds for a thread that is in the middle of something: one that waits ends at once, one that is in SQLite's code may take minutes. */
const patience = 100

type Outcome = Answer | { readonly lost: unknown }

export interface AskOptions {
  /** Ends what is waited for there; what SQLite runs is run to its end. */
  readonly signal?: AbortSignal | undefined
  /** The text that is told with errors. */
  readonly statement?: string
}

/** The thread of a connection, seen from the one that asks. It keeps no process running unless it is asked something. */
export class Thread {
  readonly #worker: Worker
  readonly #asked = new Map<number, (outcome: Outcome) => void>()
  #state: State = { isOpen: false, transactionStatus: 'idle' }
  #last: number = opening
  #isEnding = false
  #closed: Promise<void> | undefined
  #lost: ((error: unknown) => void) | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: Answer) => this.#hear(answer))
    worker.on('messageerror', (error) => {
      this.#end(error)
      void worker.terminate()
    })
    worker.on('error', (error) => this.#end(error))
    worker.on('exit', (code) => this.#end(new Error(`the thread ended with ${code}`)))
  }

  /** @throws {ConnectionFailedError} or what opening the connection there failed with */
  static async start(start: Opening): Promise<Thread> {
    let thread: Thread
    try {
      thread = new Thread(new Worker(program, { workerData: start, ...nodeOptions(process.execArgv) }))
    } catch (error) {
      throw notStarted(error)
    }
    const outcome = await thread.#outcomeOf(opening)
    if ('lost' in outcome) throw notStarted(outcome.lost)
    if (!('error' in outcome)) return thread
    await thread.close()
    throw unpackError(outcome.error)
  }

  get isOpen(): boolean {
    return this.#state.isOpen && !this.#isEnding
  }

  /** As it was when the thread answered last. */
  get transactionStatus(): State['transactionStatus'] {
    return this.#state.transactionStatus
  }

  get isBusy(): boolean {
    return this.#asked.size > 0
  }

  onLost(listener: (error: unknown) => void): void {
    this.#lost = listener
  }

  /** @throws {ConnectionLost} when the thread is gone, {@link QueryFailed} for what cannot be sent to it */
  async ask<M extends Method>(
    method: M,
    args: Parameters<Served[M]>,
    { signal, statement }: AskOptions = {},
  ): Promise<ReturnType<Served[M]>> {
    if (this.#isEnding) throw new errors.ConnectionLost({ sent: false })
    const id = (this.#last += 1)
    try {
      this.#send({ id, method, args })
    } catch (cause) {
      throw new errors.QueryFailed("it was given what cannot be sent to the connection's thread, a function perhaps", { cause, statement })
    }
    const asked = this.#outcomeOf(id)
    const abort = (): void => this.#send({ abort: id })
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      // What it failed with is made after this, not where it is heard: so its stack shows who asked.
      const outcome = await asked
      if ('lost' in outcome) throw new errors.ConnectionLost({ cause: outcome.lost, statement })
      if ('error' in outcome) throw signal?.aborted ? signal.reason : unpackError(outcome.error)
      return outcome.value as ReturnType<Served[M]>
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /**
   * Closes the connection, and ends the thread. What it is asked still fails with `ConnectionLost` at once: what SQLite runs
   * cannot be stopped, goes on to its end and then ends with the thread, undone unless it has committed by itself.
   */
  close(): Promise<void> {
    this.#closed ??= this.isBusy ? this.#abandon() : this.#leave()
    return this.#closed
  }

  async #leave(): Promise<void> {
    const left = this.isOpen ? this.ask('close', []) : undefined
    this.#isEnding = true
    try {
      await left
    } finally {
      await this.#worker.terminate()
    }
  }

  async #abandon(): Promise<void> {
    this.#isEnding = true
    this.#end(new Error('the connection was closed'))
    const ended = new AbortController()
    // The timer rejects only when it is cleared, once the thread has ended.
    const late = pause(patience, undefined, { signal: ended.signal }).catch(() => undefined)
    await Promise.race([this.#worker.terminate(), late])
    ended.abort()
  }

  #outcomeOf(id: number): Promise<Outcome> {
    this.#worker.ref()
    return new Promise((resolve) => this.#asked.set(id, resolve))
  }

  #send(question: Question): void {
    this.#worker.postMessage(question)
  }

  #hear(answer: Answer): void {
    const tell = this.#asked.get(answer.id)
    // It was given up meanwhile.
    if (!tell) return
    this.#state = answer.state
    this.#asked.delete(answer.id)
    if (!this.isBusy) this.#worker.unref()
    tell(answer)
  }

  #end(cause: unknown): void {
    const isExpected = this.#isEnding
    this.#isEnding = true
    this.#state = { isOpen: false, transactionStatus: 'idle' }
    for (const tell of this.#asked.values()) tell({ lost: cause })
    this.#asked.clear()
    if (!isExpected) this.#lost?.(new errors.ConnectionLost({ cause }))
    this.#lost = undefined
  }
}

function notStarted(cause: unknown): Error {
  return new errors.ConnectionFailedError(
    `its thread did not start (${messageOf(cause)}). Bundlers must leave @covet/sqlite outside of the bundle, for the thread runs a file of it; with --permission it takes --allow-worker and --allow-addons; without \`worker\` there is no thread`,
    { cause },
  )
}
