/** Numbers that look random and are the same for the same seed. Never for secrets. */
export interface SeededRandom {
  readonly seed: number
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `limit`. */
  integer(limit: number): number
  pick<T>(items: readonly T[]): T
  bytes(length: number): Uint8Array
}

/** @param seed a whole number; print it when a test fails, to run the same again */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0

  // splitmix32: a counter, mixed.
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296
  }
  const integer = (limit: number): number => Math.floor(next() * limit)
  return {
    seed,
    next,
    integer,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('There is nothing to pick from.')
      return items[integer(items.length)] as (typeof items)[number]
    },
    bytes: (length) => Uint8Array.from({ length }, () => integer(256)),
  }
}
