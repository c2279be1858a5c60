import { mayShare } from './shared.ts'

const maxShapes = 2_000

/**
 * The structure of a query without its values, as a path through a tree: every call of the chain is one step. Queries
 * that differ in values alone end at the same object, which keeps what was compiled for it.
 */
export class Shape {
  /** Its text depends on which uses of shared queries are of the same one. */
  readonly shares: boolean
  readonly #tree: ShapeTree
  readonly #next = new Map<string, Shape>()
  /** What was compiled, by engine. */
  readonly #plans = new Map<string, unknown>()
  #purpose = ''
  #dialect = ''
  #variant = ''
  #plan: unknown
  #token = ''
  #step: Shape | undefined

  constructor(tree: ShapeTree, shares = false) {
    this.#tree = tree
    this.shares = shares
  }

  /** The structure with one more call. */
  next(token: string): Shape {
    // The step taken last is often taken again: a look-up in a map costs as much as the check of a key.
    if (this.#step !== undefined && token === this.#token) return this.#step
    const shape = this.#next.get(token) ?? this.#made(token)
    this.#token = token
    this.#step = shape
    return shape
  }

  /** What was compiled last, where it is the same; undefined of whatever is not at hand. */
  known<Plan>(purpose: string, dialect: string, variant: string): Plan | undefined {
    return purpose === this.#purpose && dialect === this.#dialect && variant === this.#variant ? (this.#plan as Plan) : undefined
  }

  #made(token: string): Shape {
    const shape = new Shape(this.#tree, this.shares || mayShare(token))
    this.#next.set(token, shape)
    this.#tree.grow()
    return shape
  }

  /**
   * @param variant what else the text depends on: how long the lists are, where the engine has no single parameter for one,
   * and which shared queries are the same
   */
  plan<Plan>(purpose: string, dialect: string, variant: string, compile: () => Plan): Plan {
    // Nearly every process has one engine, and most shapes one purpose: no key has to be put together.
    const last = this.known<Plan>(purpose, dialect, variant)
    if (last !== undefined) return last
    const key = `${purpose} ${dialect} ${variant}`
    const known = this.#plans.get(key)
    const plan = known === undefined ? compile() : (known as Plan)
    if (known === undefined) {
      this.#plans.set(key, plan)
      this.#tree.planned()
    }
    this.#purpose = purpose
    this.#dialect = dialect
    this.#variant = variant
    this.#plan = plan
    return plan
  }
}

/** The shapes of one model. Once there are too many it starts afresh: queries under way keep theirs. */
export class ShapeTree {
  #root: Shape
  #steps = 0
  #plans = 0

  constructor() {
    this.#root = new Shape(this)
  }

  get root(): Shape {
    return this.#root
  }

  grow(): void {
    this.#steps += 1
    if (this.#steps > maxShapes * 4) this.#restart()
  }

  planned(): void {
    this.#plans += 1
    if (this.#plans > maxShapes) this.#restart()
  }

  #restart(): void {
    this.#root = new Shape(this)
    this.#steps = 0
    this.#plans = 0
  }
}
