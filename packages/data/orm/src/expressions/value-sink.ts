import type { ModelMeta } from '../meta/model-meta.ts'

/** Collects the values of expressions; told to, it remembers at which position those of each node stand. */
export class ValueSink {
  readonly values: unknown[] = []
  #scoped: Set<ModelMeta> | undefined
  readonly #positions: Map<object, number> | undefined
  readonly #base: number

  constructor(positions?: Map<object, number>, base = 0) {
    this.#positions = positions
    this.#base = base
  }

  /** The models with a scope whose rows the expressions reach by relations. */
  get scoped(): ReadonlySet<ModelMeta> | undefined {
    return this.#scoped
  }

  reach(models: ReadonlySet<ModelMeta>): void {
    this.#scoped ??= new Set()
    for (const model of models) this.#scoped.add(model)
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
