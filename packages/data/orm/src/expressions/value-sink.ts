/** Collects the values of expressions; told to, it remembers at which position those of each node stand. */
export class ValueSink {
  readonly values: unknown[] = []
  readonly #positions: Map<object, number> | undefined
  readonly #base: number

  constructor(positions?: Map<object, number>, base = 0) {
    this.#positions = positions
    this.#base = base
  }

  add(node: object, value: unknown): void {
    this.#positions?.set(node, this.#base + this.values.length)
    this.values.push(value)
  }

  /** The values of a subquery, which counts them from 0 itself. */
  addAll(node: object, values: readonly unknown[]): void {
    this.#positions?.set(node, this.#base + this.values.length)
    for (const value of values) this.values.push(value)
  }
}
