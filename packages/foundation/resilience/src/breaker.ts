import { CircuitOpenError } from './errors.ts'
import { type BreakerOptions, type BreakerState, resolveBreakerOptions, type ResolvedBreakerOptions } from './options.ts'

/**
 * Leaves a dependency alone that keeps failing. `failures` in a row within `window` open it; after `openFor` one piece of
 * work tries, and its outcome closes or opens it again. Everything is synchronous: a closed breaker costs two comparisons.
 */
export class CircuitBreaker {
  readonly #options: ResolvedBreakerOptions
  /** When the last failures in a row came. */
  #failedAt: number[] = []
  #state: BreakerState = 'closed'
  /** When it opened, or when the present attempt began. */
  #since = 0
  #lastError: unknown

  /** @throws {InvalidResilienceOptionError} */
  constructor(options: BreakerOptions = {}) {
    this.#options = resolveBreakerOptions(options)
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Milliseconds until work is admitted again; 0 when it is. */
  get retryAfterMs(): number {
    if (this.#state === 'closed') return 0
    return Math.max(0, this.#since + this.#options.openFor - this.#options.now())
  }

  /** The failure that opened it. */
  get lastError(): unknown {
    return this.#lastError
  }

  /** Whether work may go ahead. Whoever is admitted says how it went. */
  admits(): boolean {
    if (this.#state === 'closed') return true
    // An attempt that never says how it went does not keep the others out for good.
    if (this.retryAfterMs > 0) return false
    this.#since = this.#options.now()
    this.#become('half-open')
    return true
  }

  /** The dependency answered. */
  succeeded(): void {
    if (this.#state === 'open') return
    if (this.#failedAt.length > 0) this.#failedAt = []
    this.#become('closed')
  }

  /** Work failed; whether that says something about the dependency is for `counts` to tell. */
  failed(error: unknown): void {
    if (!this.#options.counts(error)) return this.succeeded()
    // What was under way when it opened says nothing new.
    if (this.#state === 'open') return undefined
    this.#lastError = error
    if (this.#state === 'half-open' || this.#isLast()) this.#open()
    return undefined
  }

  /**
   * Runs `work` if it is admitted, and draws its conclusion from the outcome.
   * @throws {CircuitOpenError}, or what `work` failed with
   */
  async run<T>(work: () => T | PromiseLike<T>): Promise<T> {
    if (!this.admits()) throw new CircuitOpenError(this.retryAfterMs, this.#lastError)
    try {
      const value = await work()
      this.succeeded()
      return value
    } catch (error) {
      this.failed(error)
      throw error
    }
  }

  #isLast(): boolean {
    const { now, window, failures } = this.#options
    const at = now()
    this.#failedAt = this.#failedAt.filter((before) => at - before <= window)
    return this.#failedAt.push(at) >= failures
  }

  #open(): void {
    this.#failedAt = []
    this.#since = this.#options.now()
    this.#become('open')
  }

  #become(state: BreakerState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.changed(state, this.#lastError)
  }
}
