import { type Duration, toMilliseconds } from '@covet/core'
import type { Database, MaybePromise } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError, MultipleFound, NotFound, UndefinedValueError } from '../errors.ts'
import { explainQuery } from '../explain/explain.ts'
import type { Subquery } from '../expressions/node.ts'
import type { SubquerySource } from '../expressions/subquery.ts'
import { assertReply, readJson, sendJson } from '../json/json.ts'
import { type NdjsonOptions, readNdjson } from '../json/ndjson.ts'
import { chained, isPromise, toPromise } from '../maybe.ts'
import type { OrderOptions } from '../types/expression.ts'
import type { CursorPage, Page, QueryPlan } from '../types/pages.ts'
import type { LockOptions } from '../types/rows.ts'
import type { Chain } from './chain.ts'
import { readCursor } from './cursor.ts'
import { lockOp } from './lock.ts'
import { countOp, deletedOp, orderByOp, orderByPath, ordering, plainOp, whereFunction, whereMembers, whereNamed, wherePath } from './ops.ts'
import { readPage } from './page.ts'
import { readCount, readExists } from './scalar.ts'
import { setOp, type SetOperator } from './set-operation.ts'
import { sharedOp } from './shared.ts'
import { statementOf } from './statement.ts'
import { type Reading, type StreamOptions, streamRows } from './stream.ts'

/** What all queries for rows have in common. Immutable: each call gives a new one; run each time it is awaited. */
export abstract class Rows<R> implements PromiseLike<R[]>, SubquerySource {
  readonly chain: Chain

  constructor(chain: Chain) {
    this.chain = chain
  }

  /** Reads the rows of a chain of this kind. */
  abstract read(chain: Chain, database: Database): MaybePromise<R[]>

  /** How the rows of a chain of this kind are read bit by bit. */
  abstract reading(chain: Chain, database: Database): Reading<R>

  /** The rows one by one, without all of them in memory. Ending the iteration, by `break` or an error too, closes it. */
  stream(options?: StreamOptions): AsyncGenerator<R, void, undefined> {
    const { chain, database } = this
    return streamRows(() => this.reading(chain, database), chain, database, options)
  }

  where(...args: unknown[]): this {
    return this.next(whereChain(this.chain, args))
  }

  orderBy(by: unknown, direction?: unknown, options?: OrderOptions): this {
    const { chain } = this
    const isPlain = typeof by === 'string' && options === undefined && chain.names?.has(by) !== true
    return this.next(chain.add(isPlain ? orderByPath(chain.meta, by, direction) : orderByOp(ordering(chain, by, direction, options))))
  }

  limit(rows: number): this {
    return this.next(this.chain.add(countOp('limit', rows)))
  }

  offset(rows: number): this {
    return this.next(this.chain.add(countOp('offset', rows)))
  }

  distinct(): this {
    return this.next(
      this.chain.add(
        plainOp('distinct', (state) => {
          state.distinct = true
        }),
      ),
    )
  }

  lock(mode: unknown, options?: LockOptions): this {
    return this.next(this.chain.add(lockOp(mode, options)).with({ locks: true }))
  }

  withDeleted(): this {
    return this.next(this.chain.add(deletedOp('with')))
  }

  onlyDeleted(): this {
    return this.next(this.chain.add(deletedOp('only')))
  }

  unscoped(): this {
    return this.next(
      this.chain.add(
        plainOp('unscoped', (state) => {
          state.unscoped = true
        }),
      ),
    )
  }

  union(other: unknown): this {
    return this.#combined('union', other)
  }

  unionAll(other: unknown): this {
    return this.#combined('union all', other)
  }

  intersect(other: unknown): this {
    return this.#combined('intersect', other)
  }

  except(other: unknown): this {
    return this.#combined('except', other)
  }

  shared(): this {
    return this.next(this.chain.add(sharedOp(this.chain)))
  }

  cache(options: { readonly ttl: Duration }): this {
    const ttl = toMilliseconds(options.ttl)
    if (ttl <= 0) throw new InvalidQueryError('cache() takes a time to live above 0.')
    return this.next(this.chain.with({ cache: ttl }))
  }

  using(database: Database): this {
    return this.next(this.chain.with({ database }))
  }

  signal(signal: AbortSignal): this {
    return this.next(this.chain.with({ signal }))
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a query runs when it is awaited
  then<A = R[], B = never>(
    fulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return toPromise(() => this.read(this.chain, this.database)).then(fulfilled, rejected)
  }

  first(): Promise<R | null> {
    return toPromise(() => firstOf(this.read(this.chain.isLimited ? this.chain : this.limit(1).chain, this.database)))
  }

  async firstOrFail(): Promise<R> {
    const first = await this.first()
    if (first === null) throw new NotFound(this.chain.meta.name)
    return first
  }

  async get(): Promise<R> {
    const [only, second] = await (this.chain.isLimited ? this : this.limit(2))
    if (only === undefined) throw new NotFound(this.chain.meta.name)
    if (second !== undefined) throw new MultipleFound(this.chain.meta.name)
    return only
  }

  count(): Promise<number> {
    return toPromise(() => readCount(this.chain, this.database))
  }

  exists(): Promise<boolean> {
    return toPromise(() => readExists(this.chain, this.database))
  }

  paginate(options?: { readonly page?: unknown; readonly perPage?: unknown }): Promise<Page<R>> {
    return readPage(this, options)
  }

  cursor(options: { readonly after?: unknown; readonly before?: unknown; readonly size?: unknown }): Promise<CursorPage<R>> {
    return readCursor(this, options)
  }

  toSql(): { text: string; params: unknown[] } {
    return statementOf(this.chain, this.database)
  }

  explain(options?: { readonly analyze?: boolean }): Promise<QueryPlan> {
    return explainQuery(this.chain, this.database, options)
  }

  /** With a reply: sends it, and resolves when it is sent. */
  json(reply?: unknown): Promise<unknown> {
    return toPromise(() => {
      if (reply !== undefined) assertReply(reply)
      const { chain, database } = this
      const json = readJson(chain, database, () => this.read(chain, database))
      return reply === undefined ? json : chained(json, (bytes) => sendJson(reply, bytes))
    })
  }

  ndjson(options?: NdjsonOptions): AsyncGenerator<Uint8Array, void, undefined> {
    return readNdjson(this.chain, this.database, (batch) => this.stream({ batch }), options)
  }

  asSubquery(): Subquery {
    const { chain } = this
    return { token: chain.token(), values: chain.values(), state: () => chain.state() }
  }

  /** The database it runs on here. */
  get database(): Database {
    return databaseOf(this.chain.meta, this.chain.running.database)
  }

  next(chain: Chain): this {
    const Own = this.constructor as new (chain: Chain) => this
    return new Own(chain)
  }

  #combined(operator: SetOperator, other: unknown): this {
    if (!(other instanceof Rows)) throw new InvalidQueryError(`${operator} takes another query of ${this.chain.meta.name}.`)
    return this.next(this.chain.add(setOp(this.chain.meta, operator, other.asSubquery(), other.chain.meta)))
  }
}

/** The four forms of `where`. */
export function whereChain(chain: Chain, args: readonly unknown[]): Chain {
  const { meta, names } = chain
  const [first, second, third] = args
  if (typeof first === 'string') {
    const named = names?.get(first)
    if (named) return chain.add(whereNamed(named, `${meta.name}.${first}`, args))
    if (args.length === 2) return chain.add(wherePath(meta, first, '=', second))
    return chain.add(wherePath(meta, first, second, third))
  }
  if (typeof first === 'function') return chain.add(whereFunction(meta, first as (columns: never) => unknown, names))
  if (first === undefined) throw new UndefinedValueError(`The condition of ${meta.name}.where()`)
  if (typeof first !== 'object' || first === null) {
    throw new InvalidQueryError(`${meta.name}.where() takes a path and a value, an object of columns and values, or a function.`, {
      statusCode: 400,
    })
  }
  if (args.length > 1) throw new InvalidQueryError(`${meta.name}.where() of an object takes nothing else.`, { statusCode: 400 })
  return chain.add(whereMembers(meta, first))
}

function firstOf<R>(rows: MaybePromise<R[]>): MaybePromise<R | null> {
  return isPromise(rows) ? rows.then(([first]) => first ?? null) : (rows[0] ?? null)
}
