import { InvalidResilienceOptionError } from './errors.ts'
import type { BudgetOptions } from './options.ts'

/**
 * What may be spent on retries: a dependency that fails for everybody must not get its load multiplied by those who try
 * again. Every piece of work earns a share of a retry, every retry costs one.
 */
export class RetryBudget {
  readonly #max: number
  readonly #ratio: number
  #tokens: number

  /** Starts full. @throws {InvalidResilienceOptionError} */
  constructor({ max = 10, ratio = 0.1 }: BudgetOptions = {}) {
    if (!(max >= 1)) throw new InvalidResilienceOptionError('max', max, '1 or more')
    if (!(ratio >= 0 && ratio <= 1)) throw new InvalidResilienceOptionError('ratio', ratio, 'a number from 0 to 1')
    this.#max = max
    this.#ratio = ratio
    this.#tokens = max
  }

  /** Retries that could be made at once. */
  get left(): number {
    return Math.floor(this.#tokens)
  }

  /** A piece of work went well. */
  earn(): void {
    if (this.#tokens < this.#max) this.#tokens = Math.min(this.#max, this.#tokens + this.#ratio)
  }

  /** Pays for a retry; false when there is nothing left to pay with. */
  spend(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
