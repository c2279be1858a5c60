import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError } from '../errors.ts'
import { toPromise } from '../maybe.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import type { Constructor, KeyOf } from '../types/shape.ts'
import { findByKeys, keyIdentity } from './find.ts'

export interface KeyLoaderOptions {
  /** Keys of one statement at most. @default 1000 */
  readonly maxBatch?: number
  /** @default the one the model has where the loader is made */
  readonly database?: Database
}

export interface KeyLoader<T> {
  /** The instance with this key, or null. */
  load(key: KeyOf<T>): Promise<T | null>
}

interface Waiting {
  readonly key: unknown
  readonly answers: PromiseWithResolvers<object | null>[]
}

/**
 * Finds instances by their keys, those asked for in one turn by one statement and each of them once: for code that asks
 * one by one, such as the resolvers of GraphQL. Nothing is kept beyond the turn.
 * @throws {InvalidQueryError} unless `maxBatch` is a whole number above 0
 */
export function keyLoader<T>(model: Constructor<T>, { maxBatch = 1_000, database }: KeyLoaderOptions = {}): KeyLoader<T> {
  if (!Number.isSafeInteger(maxBatch) || maxBatch < 1) throw new InvalidQueryError('The maxBatch of keyLoader() is a whole number above 0.')
  const meta = metaOf(model)
  const batches = new Batches(meta, databaseOf(meta, database), maxBatch)
  return { load: (key) => batches.load(key) as Promise<T | null> }
}

class Batches {
  readonly #meta: ModelMeta
  readonly #database: Database
  readonly #maxBatch: number
  #waiting = new Map<string, Waiting>()

  constructor(meta: ModelMeta, database: Database, maxBatch: number) {
    this.#meta = meta
    this.#database = database
    this.#maxBatch = maxBatch
  }

  load(key: unknown): Promise<object | null> {
    return toPromise(() => {
      const identity = keyIdentity(this.#meta, key)
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

  async #answer(batch: readonly (readonly [string, Waiting])[]): Promise<void> {
    try {
      const keys = batch.map(([, { key }]) => key)
      const found = await findByKeys(this.#meta, keys, this.#database)
      const byKey = new Map(found.map((instance) => [keyIdentity(this.#meta, this.#keyOf(instance)), instance]))
      for (const [identity, { answers }] of batch) for (const { resolve } of answers) resolve(byKey.get(identity) ?? null)
    } catch (error) {
      for (const [, { answers }] of batch) for (const { reject } of answers) reject(error)
    }
  }

  #keyOf(instance: object): unknown {
    const own = instance as Readonly<Record<string, unknown>>
    const [only, second] = this.#meta.primaryKey
    if (only && !second) return own[only.property]
    return Object.fromEntries(this.#meta.primaryKey.map(({ property }) => [property, own[property]]))
  }
}
