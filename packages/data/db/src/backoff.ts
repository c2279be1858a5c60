const baseMs = 5
const capMs = 500

/** Full jitter: a random share of a bound that doubles with every attempt, counted from 0. Milliseconds. */
export function fullJitter(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt)
}
