export interface BackoffOptions {
  /** The bound of the first pause, in milliseconds. @default 5 */
  base?: number
  /** The bound no pause exceeds, in milliseconds. @default 500 */
  cap?: number
  /** From 0 to 1. @default Math.random */
  random?: () => number
}

/**
 * Full jitter: a random share of a bound that doubles with every attempt, counted from 0. Milliseconds. What failed at the
 * same moment does not come back at the same moment (Brooker, "Exponential Backoff And Jitter", 2015).
 */
export function fullJitter(attempt: number, { base = 5, cap = 500, random = Math.random }: BackoffOptions = {}): number {
  return random() * Math.min(cap, base * 2 ** attempt)
}
