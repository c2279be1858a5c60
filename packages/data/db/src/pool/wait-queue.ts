export interface WaitOptions {
  /** Milliseconds. */
  timeout: number
  signal?: AbortSignal | undefined
  /** The error of a wait that took too long. */
  timedOut: () => Error
}

interface Waiter<T> {
  grant(value: T): void
  refuse(error: unknown): void
}

/** Those who wait for something, first come first served. */
export class WaitQueue<T> {
  readonly #waiters = new Set<Waiter<T>>()

  get size(): number {
    return this.#waiters.size
  }

  wait({ timeout, signal, timedOut }: WaitOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const leave = (): void => {
        this.#waiters.delete(waiter)
        clearTimeout(timer)
        signal?.removeEventListener('abort', aborted)
      }
      const waiter: Waiter<T> = {
        grant: (value) => {
          leave()
          resolve(value)
        },
        refuse: (error) => {
          leave()
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a signal's reason may be anything
          reject(error)
        },
      }
      const aborted = (): void => waiter.refuse(signal?.reason)
      const timer = setTimeout(() => waiter.refuse(timedOut()), timeout)
      signal?.addEventListener('abort', aborted, { once: true })
      this.#waiters.add(waiter)
    })
  }

  /** Serves the first in the queue; false when nobody waits. */
  grant(value: T): boolean {
    const [first] = this.#waiters
    first?.grant(value)
    return first !== undefined
  }

  /** Turns the first in the queue away; false when nobody waits. */
  refuse(error: unknown): boolean {
    const [first] = this.#waiters
    first?.refuse(error)
    return first !== undefined
  }
}
