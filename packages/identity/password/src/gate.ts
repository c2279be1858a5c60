import { PasswordGateFullError, PasswordsClosedError } from './errors.ts'

export interface GateLimits {
  concurrency: number
  queue: number
  waitMs: number
}

/** Lets a few pieces of work run at once, a few more wait for a while, and refuses the rest. */
export class Gate {
  readonly #limits: GateLimits
  readonly #waiting = new Set<() => void>()
  #running = 0
  #closed = false
  #idle: PromiseWithResolvers<void> | undefined

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  /**
   * @param signal takes the work out of the queue; once started it runs to its end
   * @throws {PasswordGateFullError} when there is no place, or none came free in time
   * @throws {PasswordsClosedError} after `close()`
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw new PasswordsClosedError()
    signal?.throwIfAborted()
    if (this.#running < this.#limits.concurrency) this.#running++
    else await this.#wait(signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  /** Refuses new work; resolves when what runs and waits has finished. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#running === 0) return
    this.#idle ??= Promise.withResolvers()
    await this.#idle.promise
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#limits.queue) throw new PasswordGateFullError()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Out of the queue before the rejection is seen: a place handed to a call that has given up would be lost.
    const giveUp = (reason: unknown): void => {
      this.#waiting.delete(resolve)
      reject(reason)
    }
    const abort = (): void => giveUp(signal?.reason)
    const timer = setTimeout(() => giveUp(new PasswordGateFullError()), this.#limits.waitMs)
    signal?.addEventListener('abort', abort, { once: true })
    this.#waiting.add(resolve)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next) {
      // The place changes hands without being free in between, so a newcomer cannot overtake the queue.
      this.#waiting.delete(next)
      next()
      return
    }
    this.#running--
    if (this.#running === 0) this.#idle?.resolve()
  }
}
