import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { Sql } from './dialect.ts'

interface Join {
  readonly from: From
  readonly on: Sql
  /** The condition needs what is joined to the row. */
  readonly asWhole: boolean
}

/** A table in a statement, with the to-one relations joined to it. */
export class From {
  readonly meta: ModelMeta
  readonly alias: string
  readonly #derived: Sql | undefined
  readonly #joins: Join[] = []
  readonly #elsewhere = new Map<string, Sql>()
  #isRead = false
  #selectedBy: string | undefined
  #reads: Set<string> | undefined

  /** @param derived the rows instead of the table's, as they stand in FROM */
  constructor(meta: ModelMeta, alias: string, derived?: Sql) {
    this.#derived = derived
    this.meta = meta
    this.alias = alias
  }

  column({ column }: Pick<ColumnMeta, 'column'>): Sql {
    this.#reads?.add(column)
    const elsewhere = this.#elsewhere.get(column)
    if (elsewhere) return elsewhere
    if (this.#selectedBy !== undefined)
      throw new InvalidQueryError(`The column '${column}' of ${this.meta.table} is not among those that ${this.#selectedBy}.`)
    this.#isRead = true
    return sql.id(this.alias, column)
  }

  /** A column stands in another table too, and is read there. */
  standsAt({ column }: ColumnMeta, elsewhere: Sql): void {
    this.#elsewhere.set(column, elsewhere)
  }

  /**
   * The rows are selected ones: of the table's columns they have these alone, under the names they were selected by.
   * @param by for messages: what selects them, and what to do about another column
   */
  holdsOnly(selected: readonly (readonly [column: ColumnMeta, name: string])[], by: string): void {
    this.#selectedBy = by
    for (const [column, name] of selected) this.standsAt(column, this.named(name))
  }

  /** @returns what `make` returns, and the columns of this table that it asks for */
  readsOf<T>(make: () => T): readonly [T, ReadonlySet<string>] {
    const reads = new Set<string>()
    this.#reads = reads
    try {
      return [make(), reads]
    } finally {
      this.#reads = undefined
    }
  }

  /** Whether something was asked for that only this table has. */
  get isRead(): boolean {
    return this.#isRead || this.hasJoins
  }

  named(column: string): Sql {
    return sql.id(this.alias, column)
  }

  /** Joins the row of a to-one relation, which may be missing. @param kept further conditions on it */
  join(relation: RelationMeta, alias: string, kept: (joined: From) => readonly Sql[]): From {
    const joined = new From(relation.target, alias)
    const on = sql.join([matching(this, joined, relation), ...kept(joined)], sql` and `)
    this.#joins.push({ from: joined, on, asWhole: joined.hasJoins })
    return joined
  }

  get hasJoins(): boolean {
    return this.#joins.length > 0
  }

  /** `users as t0 left join profiles as t1 on …`, or without the alias where that is the table's name. */
  toSql(): Sql {
    const rows = this.#derived ?? sql.table(this.meta.table)
    const own = this.alias === this.meta.table ? rows : sql`${rows} as ${sql.id(this.alias)}`
    return sql`${own}${this.joins()}`
  }

  /** The same where a condition of the joins around it follows. */
  toJoinedSql(): Sql {
    return this.hasJoins ? sql`(${this.toSql()})` : this.toSql()
  }

  joins(): Sql {
    const parts = this.#joins.map(({ from, on, asWhole }) =>
      asWhole
        ? sql` left join ${from.toJoinedSql()} on ${on}`
        : sql` left join ${sql.table(from.meta.table)} as ${sql.id(from.alias)} on ${on}${from.joins()}`,
    )
    return parts.length === 0 ? sql`` : sql.join(parts, sql``)
  }
}

/** The condition that a row of the target belongs to a row of the owner. */
export function matching(owner: From, target: From, { local, foreign, kind, typeColumn, typeValue }: RelationMeta): Sql {
  const equal = local.map((column, index) => sql`${target.column(foreign[index] ?? column)} = ${owner.column(column)}`)
  if (typeColumn && typeValue !== undefined && kind !== 'polymorphic') equal.push(sql`${target.column(typeColumn)} = ${sql.lit(typeValue)}`)
  return sql.join(equal, sql` and `)
}
