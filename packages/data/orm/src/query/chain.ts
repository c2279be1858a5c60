import { type Duration, toMilliseconds } from '@covet/core'
import type { Database } from '@covet/db'
import type { Names } from '../expressions/callback.ts'
import { type ModelMeta } from '../meta/model-meta.ts'
import { compute } from './computed.ts'
import type { Op } from './op.ts'
import { scopeOp, ScopesOp } from './scope.ts'
import { type Shape, ShapeTree } from './shape.ts'
import { emptyState, type QueryState } from './state.ts'

/** How a query runs, beside what it asks for. */
export interface Running {
  readonly database?: Database
  readonly signal?: AbortSignal
  /** Where the query was begun, while somebody wants to know: one that is awaited runs without its caller on the stack. */
  readonly place?: string | undefined
  /** How long the answer is cached, in milliseconds. */
  readonly cache?: number
  /** Its rows stay locked to the end of the transaction. */
  readonly locks?: true
  /** Its statement answers with one row at most. */
  readonly firstOnly?: true
  /** Its values are keys of integers, all of them. */
  readonly valuesAsGiven?: true
}

/** The calls of a query up to one of them: immutable, linked to the calls before. */
export class Chain {
  readonly meta: ModelMeta
  readonly shape: Shape
  readonly running: Running
  /** How many values all its calls have. */
  readonly size: number
  /** It has a limit or an offset. */
  readonly isBounded: boolean
  /** What it is annotated with so far. */
  readonly names: Names | undefined
  readonly #previous: Chain | undefined
  readonly #op: Op | undefined

  constructor(meta: ModelMeta, shape: Shape, running: Running, previous?: Chain, op?: Op, names: Names | undefined = previous?.names) {
    this.meta = meta
    this.shape = shape
    this.running = running
    this.#previous = previous
    this.#op = op
    this.names = names
    this.isBounded = op?.bounds === undefined ? (previous?.isBounded ?? false) : op.bounds !== 'none'
    this.size = previous ? previous.size + (op?.values.length ?? 0) : 0
  }

  static of(meta: ModelMeta): Chain {
    const { chain } = starts.get(meta) ?? new Start(meta)
    return meta.declaration.options.scope ? chain.add(scopeOp(meta)) : chain
  }

  /** Whether it has a limit; looked for where it is bounded, which few queries are. */
  get isLimited(): boolean {
    for (let chain: Chain | undefined = this.isBounded ? this : undefined; chain; chain = chain.#previous) {
      const bounds = chain.#op?.bounds
      if (bounds === 'limit') return true
      if (bounds === 'none') return false
    }
    return false
  }

  /** The same model and database without any calls. */
  start(): Chain {
    return Chain.of(this.meta).with(this.running)
  }

  /** @param names what later calls may name, where the call changes that */
  add(op: Op, names?: Names): Chain {
    const before = op.scoped === undefined ? this : this.#scoping(op.scoped)
    return new Chain(this.meta, shapeAfter(before.shape, op), this.running, before, op, names)
  }

  /** The same with the conditions of these models, where it does not have them yet. */
  #scoping(models: ReadonlySet<ModelMeta>): Chain {
    const ops = Chain.#opsOf(this).filter((op) => op instanceof ScopesOp)
    const isKnown = (model: ModelMeta): boolean => ops.some((op) => op.has(model))
    const missing = [...models].filter((model) => !isKnown(model))
    return missing.length === 0 ? this : this.add(new ScopesOp(missing, isKnown))
  }

  with(running: Running): Chain {
    return new Chain(this.meta, this.shape, { ...this.running, ...running }, this)
  }

  /** The values of all calls in their order. */
  values(): unknown[] {
    return Chain.#valuesOf(this)
  }

  /** The same, and one more behind them. */
  valuesWith(value: unknown): unknown[] {
    const values = Chain.#valuesOf(this)
    values.push(value)
    return values
  }

  static #valuesOf(last: Chain): unknown[] {
    const values = new Array<unknown>(last.size)
    let end = last.size
    for (let chain: Chain | undefined = last; chain && end > 0; chain = chain.#previous) {
      const own = chain.#op?.values
      if (own === undefined) continue
      for (let index = own.length - 1; index >= 0; index -= 1) values[(end -= 1)] = own[index]
    }
    return values
  }

  /** What the calls add up to. */
  state(): QueryState {
    const state = emptyState(this.meta)
    let base = 0
    for (const op of Chain.#opsOf(this)) {
      op.fold(state, base)
      base += op.values.length
    }
    compute(state)
    return state
  }

  /** The structure of all calls, for a query that becomes part of another one. */
  token(): string {
    return `${this.meta.name} ${this.meta.id}: ${Chain.#opsOf(this)
      .map((op) => op.token)
      .join('; ')}`
  }

  static #opsOf(last: Chain): readonly Op[] {
    const ops: Op[] = []
    for (let chain: Chain | undefined = last; chain; chain = chain.#previous) if (chain.#op) ops.push(chain.#op)
    return ops.reverse()
  }
}

function shapeAfter(before: Shape, op: Op): Shape {
  const { steps } = op
  if (steps === undefined) return before.next(op.token)
  let shape = before
  for (const step of steps) shape = shape.next(step)
  return shape
}

const plainly: Running = {}

/** What the model's options say of all of its queries. */
function runningOf({ declaration }: ModelMeta): Running {
  const { cache } = declaration.options
  return cache ? { cache: toMilliseconds(cache.ttl as Duration) } : plainly
}

const starts = new WeakMap<ModelMeta, Start>()

/** Where all queries of a model begin. */
class Start {
  readonly #meta: ModelMeta
  readonly #tree = new ShapeTree()
  #chain: Chain | undefined

  constructor(meta: ModelMeta) {
    this.#meta = meta
    starts.set(meta, this)
  }

  /** Without any calls. */
  get chain(): Chain {
    const { root } = this.#tree
    if (this.#chain?.shape === root) return this.#chain
    return (this.#chain = new Chain(this.#meta, root, runningOf(this.#meta)))
  }
}
