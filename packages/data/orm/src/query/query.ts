import type { Database, MaybePromise } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError, MultipleFound, NotFound, UndefinedValueError } from '../errors.ts'
import { isPromise } from '../maybe.ts'
import type { Chain } from './chain.ts'
import { countOp, type OrderOptions, orderByOp, ordering, plainOp, whereFunction, whereMembers, wherePath } from './ops.ts'
import { readInstances } from './read.ts'
import { readCount, readExists } from './scalar.ts'

/** A query of a model: immutable, and run each time it is awaited. The types users see are those of `../types/query.ts`. */
export class Query implements PromiseLike<object[]> {
  readonly chain: Chain

  constructor(chain: Chain) {
    this.chain = chain
  }

  where(...args: unknown[]): Query {
    return new Query(whereChain(this.chain, args))
  }

  orderBy(by: unknown, direction?: unknown, options?: OrderOptions): Query {
    return new Query(this.chain.add(orderByOp(ordering(this.chain.meta, by, direction, options))))
  }

  limit(count: number): Query {
    return new Query(this.chain.add(countOp('limit', count)))
  }

  offset(count: number): Query {
    return new Query(this.chain.add(countOp('offset', count)))
  }

  distinct(): Query {
    return new Query(
      this.chain.add(
        plainOp('distinct', (state) => {
          state.distinct = true
        }),
      ),
    )
  }

  using(database: Database): Query {
    return new Query(this.chain.with({ database }))
  }

  signal(signal: AbortSignal): Query {
    return new Query(this.chain.with({ signal }))
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a query runs when it is awaited
  then<A = object[], B = never>(
    fulfilled?: ((rows: object[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return promised(() => readInstances(this.chain, this.#database())).then(fulfilled, rejected)
  }

  first(): Promise<object | null> {
    return promised(() => firstOf(readInstances(this.limit(1).chain, this.#database())))
  }

  async firstOrFail(): Promise<object> {
    const first = await this.first()
    if (first === null) throw new NotFound(this.chain.meta.name)
    return first
  }

  async get(): Promise<object> {
    const [only, second] = await this.limit(2)
    if (only === undefined) throw new NotFound(this.chain.meta.name)
    if (second !== undefined) throw new MultipleFound(this.chain.meta.name)
    return only
  }

  count(): Promise<number> {
    return promised(() => readCount(this.chain, this.#database()))
  }

  exists(): Promise<boolean> {
    return promised(() => readExists(this.chain, this.#database()))
  }

  #database(): Database {
    return databaseOf(this.chain.meta, this.chain.running.database)
  }
}

/** The four forms of `where`. */
export function whereChain(chain: Chain, args: readonly unknown[]): Chain {
  const { meta } = chain
  const [first, second, third] = args
  if (typeof first === 'string') {
    if (args.length === 2) return chain.add(wherePath(meta, first, '=', second))
    return chain.add(wherePath(meta, first, second, third))
  }
  if (typeof first === 'function') return chain.add(whereFunction(meta, first as (columns: never) => unknown))
  if (first === undefined) throw new UndefinedValueError(`The condition of ${meta.name}.where()`)
  if (typeof first !== 'object' || first === null) throw new InvalidQueryError(`${meta.name}.where() takes a path and a value, an object of columns and values, or a function.`)
  return chain.add(whereMembers(meta, first))
}

function firstOf(rows: MaybePromise<object[]>): MaybePromise<object | null> {
  return isPromise(rows) ? rows.then(([first]) => first ?? null) : (rows[0] ?? null)
}

/** The promise an `async` function would return, without the function. */
export function promised<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const outcome = work()
    return isPromise(outcome) ? outcome : Promise.resolve(outcome)
  } catch (error) {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- passes on what was thrown, as an async function does
    return Promise.reject(error)
  }
}
