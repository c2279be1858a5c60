import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError } from '../errors.ts'
import { toPromise } from '../maybe.ts'
import { metaOf } from '../meta/registry.ts'
import type { ColumnKey, ColumnOf, Constructor, InOf, KeyOf, ShapeOf } from '../types/shape.ts'
import { type KeyLookup, primaryLookup, uniqueLookup } from './key-lookup.ts'

export interface KeyLoaderOptions {
  /** Keys of one statement at most. @default 1000 */
  readonly maxBatch?: number
  /** @default the one the model has where the loader is made */
  readonly database?: Database
}

export interface UniqueKeyLoaderOptions<K> extends KeyLoaderOptions {
  /** A unique column instead of the primary key. */
  readonly by: K
}

export interface KeyLoader<T, Key = KeyOf<T>> {
  /** The instance with this key, or null. */
  load(key: Key): Promise<T | null>
}

interface Waiting {
  readonly key: unknown
  readonly answers: PromiseWithResolvers<object | null>[]
}

/**
 * Finds instances by their keys, those asked for in one turn by one statement and each of them once: for code that asks
 * one by one, such as the resolvers of GraphQL. Nothing is kept beyond the turn.
 * @throws {InvalidQueryError} unless `maxBatch` is a whole number above 0, and the column of `by` is unique, and the key is compared by case
 */
export function keyLoader<T, K extends ColumnKey<ShapeOf<T>>>(
  model: Constructor<T>,
  options: UniqueKeyLoaderOptions<K>,
): KeyLoader<T, NonNullable<InOf<ColumnOf<ShapeOf<T>, K>>>>
export function keyLoader<T>(model: Constructor<T>, options?: KeyLoaderOptions): KeyLoader<T>
export function keyLoader(
  model: Constructor<object>,
  { maxBatch = 1_000, database, by }: Partial<UniqueKeyLoaderOptions<string>> = {},
): KeyLoader<object, unknown> {
  if (!Number.isSafeInteger(maxBatch) || maxBatch < 1) throw new InvalidQueryError('The maxBatch of keyLoader() is a whole number above 0.')
  const meta = metaOf(model)
  const own = databaseOf(meta, database)
  const batches = new Batches(by === undefined ? primaryLookup(meta, own) : uniqueLookup(meta, by, own), maxBatch)
  return { load: (key) => batches.load(key) }
}

class Batches {
  readonly #lookup: KeyLookup
  readonly #maxBatch: number
  #waiting = new Map<unknown, Waiting>()

  constructor(lookup: KeyLookup, maxBatch: number) {
    this.#lookup = lookup
    this.#maxBatch = maxBatch
  }

  load(key: unknown): Promise<object | null> {
    return toPromise(() => {
      const identity = this.#lookup.identity(key)
      const answer = Promise.withResolvers<object | null>()
      const known = this.#waiting.get(identity)
      if (known) known.answers.push(answer)
      else {
        // After the microtasks that are queued: what is asked for in their course comes along.
        if (this.#waiting.size === 0) process.nextTick(() => queueMicrotask(() => void this.#run()))
        this.#waiting.set(identity, { key, answers: [answer] })
      }
      return answer.promise
    })
  }

  async #run(): Promise<void> {
    const waiting = [...this.#waiting]
    this.#waiting = new Map()
    for (let start = 0; start < waiting.length; start += this.#maxBatch) await this.#answer(waiting.slice(start, start + this.#maxBatch))
  }

  async #answer(batch: readonly (readonly [unknown, Waiting])[]): Promise<void> {
    try {
      const keys = batch.map(([, { key }]) => key)
      const found = await this.#lookup.find(keys)
      const byKey = new Map(found.map((instance) => [this.#lookup.identity(this.#lookup.keyOf(instance)), instance]))
      for (const [identity, { answers }] of batch) for (const { resolve } of answers) resolve(byKey.get(identity) ?? null)
    } catch (error) {
      for (const [, { answers }] of batch) for (const { reject } of answers) reject(error)
    }
  }
}
