import { Worker } from 'node:worker_threads'
import { errors } from '@covet/db'
import { unpackError } from './packed-error.ts'
import { type Answer, type Method, type Opening, opening, type Question, type Served, type State } from './protocol.ts'

// In the package it is JavaScript, in the source of it TypeScript.
const program = new URL(`./program${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** The thread of a connection, seen from the one that asks. It keeps no process running unless it is asked something. */
export class Thread {
  /** Settles when its connection is open, or could not be opened. */
  readonly opened: Promise<void>
  readonly #worker: Worker
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>()
  #state: State = { isOpen: false, transactionStatus: 'idle' }
  #last: number = opening
  #isEnding = false
  #lost: ((error: unknown) => void) | undefined

  constructor(start: Opening) {
    this.#worker = new Worker(program, { workerData: start })
    this.#worker.on('message', (answer: Answer) => this.#hear(answer))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', (code) => this.#end(new Error(`The thread of the connection ended with ${code}.`)))
    this.opened = this.#wait(opening) as Promise<void>
  }

  /** As it was when it answered last. */
  get state(): State {
    return this.#state
  }

  get isBusy(): boolean {
    return this.#asked.size > 0
  }

  onLost(listener: (error: unknown) => void): void {
    this.#lost = listener
  }

  /**
   * @param signal ends what is waited for there; what SQLite runs is run to its end
   * @throws {ConnectionLost} when the thread is gone
   */
  async ask<M extends Method>(method: M, args: Parameters<Served[M]>, signal?: AbortSignal): Promise<ReturnType<Served[M]>> {
    if (this.#isEnding) throw new errors.ConnectionLost({ sent: false })
    const id = (this.#last += 1)
    const answer = this.#wait(id)
    const abort = (): void => this.#send({ abort: id })
    this.#send({ id, method, args })
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return (await answer) as ReturnType<Served[M]>
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async end(): Promise<void> {
    this.#isEnding = true
    await this.#worker.terminate()
  }

  #wait(id: number): Promise<unknown> {
    const asked = Promise.withResolvers<unknown>()
    this.#asked.set(id, asked)
    this.#worker.ref()
    return asked.promise
  }

  #send(question: Question): void {
    this.#worker.postMessage(question)
  }

  #hear(answer: Answer): void {
    this.#state = answer.state
    const asked = this.#asked.get(answer.id)
    this.#asked.delete(answer.id)
    if (!this.isBusy) this.#worker.unref()
    if ('error' in answer) asked?.reject(unpackError(answer.error))
    else asked?.resolve(answer.value)
  }

  #end(cause: unknown): void {
    const isExpected = this.#isEnding
    this.#isEnding = true
    this.#state = { isOpen: false, transactionStatus: 'idle' }
    const error = new errors.ConnectionLost({ cause })
    for (const { reject } of this.#asked.values()) reject(error)
    this.#asked.clear()
    if (!isExpected) this.#lost?.(error)
    this.#lost = undefined
  }
}
