/**
 * A map by SQL text that never holds more than `max` entries and keeps the ones in use. Two generations instead of a
 * list: a hit costs one look-up, and what was not used since the younger generation began to fill leaves with the older.
 */
export class BoundedCache<T> {
  readonly #perGeneration: number
  readonly #evicted: ((value: T) => void) | undefined
  #young = new Map<string, T>()
  #old = new Map<string, T>()
  /** What was asked for last, which is often asked for again: a look-up in a map costs as much as the check of a key. */
  #last: { readonly key: string; readonly value: T } | undefined

  /** `evicted` hears of every value that leaves, so that a driver can free what the server holds for it. */
  constructor(max: number, evicted?: (value: T) => void) {
    this.#perGeneration = Math.max(1, Math.floor(max / 2))
    this.#evicted = evicted
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): T | undefined {
    const last = this.#last
    if (last !== undefined && last.key === key) return last.value
    const value = this.#young.get(key) ?? this.#promote(key)
    if (value !== undefined) this.#last = { key, value }
    return value
  }

  set(key: string, value: T): void {
    this.#old.delete(key)
    if (this.#young.size >= this.#perGeneration && !this.#young.has(key)) this.#turn()
    this.#young.set(key, value)
    this.#last = undefined
  }

  clear(): void {
    this.#turn()
    this.#turn()
  }

  #promote(key: string): T | undefined {
    const value = this.#old.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  #turn(): void {
    const leaving = this.#old
    this.#last = undefined
    this.#old = this.#young
    this.#young = new Map()
    if (this.#evicted) for (const value of leaving.values()) this.#evicted(value)
  }
}
