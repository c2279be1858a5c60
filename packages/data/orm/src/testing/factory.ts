import { seededRandom, type SeededRandom } from '@covet/testing'
import { InvalidQueryError } from '../errors.ts'
import { metaOf } from '../meta/registry.ts'
import type { Update } from '../types/row.ts'
import type { Constructor, RelationKey, ShapeOf, TargetOf } from '../types/shape.ts'
import { createInstance } from '../write/create.ts'
import { createInstances } from '../write/create-many.ts'
import { fill } from '../write/fill.ts'
import { foreignKeyTo, ownedBy, parted } from './references.ts'

/** Values of a row. A relation with its foreign key here may be an instance, or a factory that makes one. */
export type FactoryValues<T> = Update<ShapeOf<T>> & {
  readonly [K in RelationKey<ShapeOf<T>>]?: TargetOf<ShapeOf<T>[K]> | Factory<TargetOf<ShapeOf<T>[K]>, never>
}

/** @param n counts the rows of the factory from 1 */
export type Define<T> = (n: number, random: SeededRandom) => FactoryValues<T>

type State<T> = FactoryValues<T> | Define<T>
type Values = Readonly<Record<string, unknown>>

interface Children {
  readonly relation: string
  readonly factory: Factory<never, never>
  readonly count: number
}

interface Parts<T> {
  readonly model: Constructor<T>
  readonly layers: readonly State<T>[]
  readonly states: Readonly<Record<string, State<T>>>
  readonly children: readonly Children[]
  readonly counter: { n: number }
  readonly random: SeededRandom
}

export interface FactoryOptions {
  /** Of the random numbers, so that a failing test fails again. @default 1 */
  readonly seed?: number
}

/** Makes rows of one model for tests. Immutable: `state` and `has` give another one, which counts on with the same numbers. */
export class Factory<in out T, States extends string> {
  readonly #parts: Parts<T>

  constructor(parts: Parts<T>) {
    this.#parts = parts
  }

  /** With the values of a state over those of the definition; of several the last counts. */
  state(name: States): Factory<T, States> {
    const state = this.#parts.states[name]
    if (state === undefined)
      throw new InvalidQueryError(
        `The factory of ${this.#meta().name} has no state '${name}'. It has ${Object.keys(this.#parts.states).join(', ') || 'none'}.`,
      )
    return new Factory({ ...this.#parts, layers: [...this.#parts.layers, state] })
  }

  /** With rows that refer to each row made: `users.has('posts', posts, 3)`. */
  has<K extends RelationKey<ShapeOf<T>>>(relation: K, factory: Factory<TargetOf<ShapeOf<T>[K]>, never>, count = 1): Factory<T, States> {
    const children: Children = { relation, factory: factory as unknown as Factory<never, never>, count }
    return new Factory({ ...this.#parts, children: [...this.#parts.children, children] })
  }

  /** An instance that is not stored; relations are left out of it. */
  make(values: FactoryValues<T> = {} as FactoryValues<T>): T {
    const meta = this.#meta()
    const instance = new (meta.model as unknown as new () => object)()
    fill(meta, instance, parted(meta, this.#values(values)).columns)
    return instance as T
  }

  async create(values: FactoryValues<T> = {} as FactoryValues<T>): Promise<T> {
    const instance = await createInstance(this.#meta(), await this.#stored(values))
    await this.#addChildren(instance)
    return instance as T
  }

  /** In one statement, past the hooks; what relations lead to is created before and after it. */
  async createMany(count: number, values: FactoryValues<T> = {} as FactoryValues<T>): Promise<T[]> {
    const rows: Values[] = []
    for (let index = 0; index < count; index += 1) rows.push(await this.#stored(values))
    const instances = await createInstances(this.#meta(), rows)
    for (const instance of instances) await this.#addChildren(instance)
    return instances as T[]
  }

  #meta(): ReturnType<typeof metaOf> {
    return metaOf(this.#parts.model)
  }

  #values(values: FactoryValues<T>): Values {
    const { layers, counter, random } = this.#parts
    counter.n += 1
    const made = [...layers, values].map((layer) => (typeof layer === 'function' ? (layer as Define<T>)(counter.n, random) : layer))
    return Object.assign({}, ...made) as Values
  }

  /** The values of a row whose references are stored. */
  async #stored(values: FactoryValues<T>): Promise<Values> {
    const { columns, references } = parted(this.#meta(), this.#values(values))
    for (const { relation, to } of references) {
      // A key that the caller names counts more than what the definition would make.
      if (!(relation.name in values) && relation.local.every(({ property }) => property in values)) continue
      const target: unknown = to instanceof Factory ? await to.create() : to
      Object.assign(columns, foreignKeyTo(relation, target as object))
    }
    return columns
  }

  async #addChildren(instance: object): Promise<void> {
    for (const { relation: name, factory, count } of this.#parts.children) {
      const relation = this.#meta().relation(name)
      if (relation.junction) {
        const related = (instance as { related(name: string): { add(...targets: readonly unknown[]): Promise<void> } }).related(name)
        await related.add(...(await factory.createMany(count)))
      } else await factory.createMany(count, ownedBy(relation, instance) as never)
    }
  }
}

/**
 * A factory of rows for tests.
 * @param define the values of the n-th row; `random` gives the same for the same seed
 * @param states further values by name, over those of the definition
 * @example const users = factory(User, (n) => ({ email: `user${n}@example.org` }), { admin: { role: 'admin' } })
 */
export function factory<T, States extends string = never>(
  model: Constructor<T>,
  define: Define<T>,
  states: Readonly<Record<States, State<T>>> = {} as Readonly<Record<States, State<T>>>,
  { seed = 1 }: FactoryOptions = {},
): Factory<T, States> {
  return new Factory<T, States>({ model, layers: [define], states, children: [], counter: { n: 0 }, random: seededRandom(seed) })
}
