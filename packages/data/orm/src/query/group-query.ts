import type { Database, MaybePromise } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { assertOpen } from '../crypto/assert-open.ts'
import { InvalidQueryError } from '../errors.ts'
import { callWithColumns } from '../expressions/callback.ts'
import { Expression } from '../expressions/expression.ts'
import { fingerprint } from '../expressions/fingerprint.ts'
import { Ordered } from '../expressions/ordered.ts'
import { orderingOf } from '../expressions/parts.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import { chained, toPromise } from '../maybe.ts'
import type { OrderOptions } from '../types/expression.ts'
import type { Chain } from './chain.ts'
import { countOp, orderByOp, plainOp } from './ops.ts'
import { columnNamed, namedOf, namesWith, selectOp } from './select-ops.ts'
import { type PlainRow, readPlain } from './selection.ts'
import type { Selected } from './state.ts'
import { readGroupCount } from './scalar.ts'
import { statementOf } from './statement.ts'

/** A query for one row per group. */
export class GroupQuery implements PromiseLike<PlainRow[]> {
  readonly #chain: Chain
  readonly #selected: readonly Selected[]

  constructor(chain: Chain, selected: readonly Selected[]) {
    this.#chain = chain
    this.#selected = selected
  }

  /** The groups of a query. */
  static of(chain: Chain, columns: unknown, make: unknown): GroupQuery {
    const { meta } = chain
    if (chain.isBounded)
      throw new InvalidQueryError('groupBy() groups all rows that match: put limit() and offset() behind it, where they bound the groups.')
    const groups = groupsOf(chain, columns)
    for (const { name, node } of groups) assertOpen(node, `'${name}' of ${meta.name} in groupBy()`)
    if (typeof make !== 'function')
      throw new InvalidQueryError("groupBy() takes what is computed per group: groupBy(['authorId'], c => ({ views: c.views.sum() })).")
    const selected = [...groups, ...namedOf(chain, make as (columns: never) => unknown, 'groupBy()')]
    const grouped = chain
      .add(
        plainOp(`group ${groups.length}`, (state) => {
          state.orderBy = []
          state.groupBy = groups.map(({ node }) => node)
        }),
      )
      .add(selectOp(selected))
    return new GroupQuery(grouped, selected)
  }

  having(make: (columns: never) => unknown): GroupQuery {
    const { meta, names } = this.#chain
    const made = callWithColumns(
      meta,
      make,
      namesWith(
        names,
        this.#selected.filter(({ name }) => !meta.findColumn(name) && !meta.hasRelation(name)),
      ),
    )
    if (!(made instanceof Expression))
      throw new InvalidQueryError('The function given to having() must return a condition, such as c.views.sum().gt(10).')
    const { node } = made
    const sink = new ValueSink()
    const token = `having ${fingerprint(node, sink)}`
    return this.#next(
      this.#chain.add({
        token,
        values: sink.values,
        scoped: sink.scoped,
        fold(state, base) {
          fingerprint(node, new ValueSink(state.slots, base))
          state.having = [...state.having, node]
        },
      }),
    )
  }

  orderBy(name: string, direction?: unknown, { nulls }: OrderOptions = {}): GroupQuery {
    const column = this.#selected.find((selected) => selected.name === name)
    if (!column)
      throw new InvalidQueryError(
        `The groups have no '${name}' to order by; they have ${this.#selected.map((selected) => selected.name).join(', ')}.`,
      )
    const by = orderingOf(new Ordered(new Expression(column.node, column.type), direction, nulls))
    return this.#next(this.#chain.add(orderByOp(by)))
  }

  limit(groups: number): GroupQuery {
    return this.#next(this.#chain.add(countOp('limit', groups)))
  }

  offset(groups: number): GroupQuery {
    return this.#next(this.#chain.add(countOp('offset', groups)))
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a query runs when it is awaited
  then<A = PlainRow[], B = never>(
    fulfilled?: ((rows: PlainRow[]) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return toPromise(() => this.#read(this.#chain)).then(fulfilled, rejected)
  }

  first(): Promise<PlainRow | null> {
    return toPromise(() => chained(this.#read(this.limit(1).#chain), ([first]) => first ?? null))
  }

  count(): Promise<number> {
    return toPromise(() => readGroupCount(this.#chain, this.#database))
  }

  toSql(): { text: string; params: unknown[] } {
    return statementOf(this.#chain, this.#database)
  }

  get #database(): Database {
    return databaseOf(this.#chain.meta, this.#chain.running.database)
  }

  #read(chain: Chain): MaybePromise<PlainRow[]> {
    return readPlain(chain, this.#database)
  }

  #next(chain: Chain): GroupQuery {
    return new GroupQuery(chain, this.#selected)
  }
}

function groupsOf(chain: Chain, columns: unknown): readonly Selected[] {
  if (typeof columns === 'function') return namedOf(chain, columns as (columns: never) => unknown, 'groupBy()')
  if (!Array.isArray(columns))
    throw new InvalidQueryError("groupBy() takes a list of columns, or a function that names expressions: groupBy(['authorId'], …).")
  return columns.map((name: unknown) => columnNamed(chain.meta, name, chain.names))
}
