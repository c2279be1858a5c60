/**
 * A timer that is started and stopped with every exchange. It is left running in between and set back at the next start,
 * which costs less than a timer each.
 */
export class Watchdog {
  readonly #ms: number
  readonly #bark: () => void
  #timer: NodeJS.Timeout | undefined
  #watching = false

  /** `ms` of 0 never barks. */
  constructor(ms: number, bark: () => void) {
    this.#ms = ms
    this.#bark = bark
  }

  start(): void {
    if (this.#ms === 0) return
    this.#watching = true
    if (this.#timer) this.#timer.refresh()
    else this.#timer = setTimeout(() => this.#due(), this.#ms).unref()
  }

  stop(): void {
    this.#watching = false
  }

  end(): void {
    this.#watching = false
    clearTimeout(this.#timer)
  }

  #due(): void {
    if (!this.#watching) return
    this.#watching = false
    this.#bark()
  }
}
