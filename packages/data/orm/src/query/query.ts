import type { Database, MaybePromise } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { explainQuery } from '../explain/explain.ts'
import { eagerChain } from '../loading/eager-parts.ts'
import { assertOrderedJson } from '../loading/ordered-json.ts'
import { chained, failed, settled, toPromise } from '../maybe.ts'
import type { QueryPlan } from '../types/pages.ts'
import { deleteQuery, forceDeleteQuery, restoreQuery, updateQuery } from '../write/query-write.ts'
import { readAggregate } from './aggregate.ts'
import type { Chain } from './chain.ts'
import { GroupQuery } from './group-query.ts'
import { plainOp } from './ops.ts'
import { loaded, readInstances, readPlanOf } from './read.ts'
import { recursiveOp, type RecursiveOptions } from './recursive.ts'
import { Rows } from './rows.ts'
import { annotateOp, columnsOp, namedOf, namesWith, selectedOf, selectOp } from './select-ops.ts'
import { type PlainRow, Selection } from './selection.ts'
import { statementOf } from './statement.ts'
import type { Reading, StreamOptions } from './stream.ts'
import { withOp } from './with.ts'

/** A query for instances of a model. The types users see are those of `../types/query.ts`. */
export class Query extends Rows<object> {
  override read(chain: Chain, database: Database): MaybePromise<object[]> {
    return readInstances(chain, database)
  }

  /** What is read: its calls, and for relations in the same statement what their queries are. */
  get whole(): Chain {
    return this.chain
  }

  /** How relations are read. */
  eager(strategy: unknown): Query {
    if (strategy === 'json') return new JsonQuery(this.chain)
    if (strategy === 'balanced') return new Query(this.chain)
    throw new InvalidQueryError("eager() takes 'json' or 'balanced'.")
  }

  with(...relations: unknown[]): this {
    return this.next(this.chain.add(withOp(this.chain.meta, relations, (chain) => new Query(chain))))
  }

  override reading(chain: Chain, database: Database): Reading<object> {
    const values = chain.values()
    const plan = readPlanOf(chain, database, values)
    return { ...plan, values, make: (rows) => loaded(plan, rows, values, chain, database) }
  }

  select(...columns: unknown[]): Selection {
    return new Selection(this.chain.add(selectOp(selectedOf(this.chain, columns, 'select()'))))
  }

  only(...columns: unknown[]): this {
    return this.next(this.chain.add(columnsOp(this.chain.meta, 'only', columns)))
  }

  defer(...columns: unknown[]): this {
    return this.next(this.chain.add(columnsOp(this.chain.meta, 'defer', columns)))
  }

  annotate(make: (columns: never) => unknown): this {
    const { chain } = this
    const selected = namedOf(chain, make, 'annotate()')
    return this.next(chain.add(annotateOp(chain.meta, selected), namesWith(chain.names, selected)))
  }

  aggregate(make: unknown): Promise<PlainRow> {
    return toPromise(() => readAggregate(this.chain, make, this.database))
  }

  groupBy(columns: unknown, make: unknown): GroupQuery {
    return GroupQuery.of(this.chain, columns, make)
  }

  recursive(options: RecursiveOptions): this {
    const from = options.from(new Query(this.chain.start()))
    return this.next(this.chain.add(recursiveOp(this.chain.meta, from, options)))
  }

  update(values: unknown): Promise<number> {
    try {
      return settled(updateQuery(this.chain, values, this.database))
    } catch (error) {
      return failed(error)
    }
  }

  delete(): Promise<number> {
    return toPromise(() => deleteQuery(this.chain, this.database))
  }

  forceDelete(): Promise<number> {
    return toPromise(() => forceDeleteQuery(this.chain, this.database))
  }

  restore(): Promise<number> {
    return toPromise(() => restoreQuery(this.chain, this.database))
  }

  unfiltered(): this {
    return this.next(
      this.chain.add(
        plainOp('unfiltered', (state) => {
          state.unfiltered = true
        }),
      ),
    )
  }
}

/** A query whose relations are arrays of JSON in the rows of its one statement. */
class JsonQuery extends Query {
  override get whole(): Chain {
    return eagerChain(this.chain)
  }

  override read(chain: Chain, database: Database): MaybePromise<object[]> {
    return chained(assertOrderedJson(database), () => super.read(eagerChain(chain), database))
  }

  override reading(chain: Chain, database: Database): Reading<object> {
    return super.reading(eagerChain(chain), database)
  }

  override stream(options?: StreamOptions): AsyncGenerator<object, void, undefined> {
    return checked(assertOrderedJson(this.database), super.stream(options))
  }

  override toSql(): { text: string; params: unknown[] } {
    return statementOf(this.whole, this.database)
  }

  override explain(options?: { readonly analyze?: boolean }): Promise<QueryPlan> {
    return explainQuery(this.whole, this.database, options)
  }
}

async function* checked(check: MaybePromise<void>, rows: AsyncIterable<object>): AsyncGenerator<object, void, undefined> {
  await check
  yield* rows
}
