import { writing } from '../cache/query-cache.ts'
import { toPromise } from '../maybe.ts'
import { sql } from 'kysely'
import type { Result } from '@covet/db'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import { Keys } from '../loading/keys.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Junction } from '../meta/relation-meta.ts'
import type { Sql } from '../sql/dialect.ts'
import type { JunctionRows } from './junction-rows.ts'
import type { KeyValues, Link } from './link.ts'

/** Rows per statement: below what any engine takes as parameters, with keys of several columns too. */
const rowsPerStatement = 1_000

/** A junction that is a table and nothing else. */
export class PlainJunction implements JunctionRows {
  readonly isUnique = true
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  async add(targets: readonly KeyValues[]): Promise<void> {
    const { ownerColumns, targetColumns, table } = this.#junction
    const names = [...ownerColumns, ...targetColumns].map((name) => sql.id(name))
    const near = this.#ownerValues()
    for (const chunk of chunks(inOrder(this.#link, targets))) {
      const rows = chunk.map((key) => sql`(${list([...near, ...this.#targetValues(key)])})`)
      await this.#send(sql`insert into ${sql.table(table)} (${list(names)}) values ${list(rows)}${this.#unlessThere()}`)
    }
  }

  async remove(targets: readonly KeyValues[]): Promise<void> {
    const { targetColumns, table } = this.#junction
    for (const chunk of chunks(targets)) {
      const pairs = chunk.map((key) => sql`(${equal(targetColumns, this.#targetValues(key))})`)
      await this.#send(sql`delete from ${sql.table(table)} where ${this.#owned()} and (${sql.join(pairs, sql` or `)})`)
    }
  }

  async current(): Promise<readonly KeyValues[]> {
    const { targetColumns, table } = this.#junction
    const { rows } = await this.#send(
      sql`select ${list(targetColumns.map((name) => sql.id(name)))} from ${sql.table(table)} where ${this.#owned()}`,
    )
    const decoders = this.#link.relation.foreign.map(({ field }) => codecOf(field, this.#link.database.dialect).decode)
    return rows.map((row) => row.map((raw, index) => decoders[index]?.(raw) ?? raw))
  }

  get #junction(): Junction {
    const { junction, owner, name } = this.#link.relation
    if (!junction) throw new InvalidQueryError(`${owner.name}.${name} has no junction.`)
    return junction
  }

  #owned(): Sql {
    return equal(this.#junction.ownerColumns, this.#ownerValues())
  }

  #ownerValues(): readonly Sql[] {
    const { key, relation } = this.#link
    return this.#encoded(relation.local, key)
  }

  #targetValues(key: KeyValues): readonly Sql[] {
    return this.#encoded(this.#link.relation.foreign, key)
  }

  #encoded(columns: readonly ColumnMeta[], key: KeyValues): readonly Sql[] {
    return columns.map(({ field }, index) => {
      const { encode } = codecOf(field, this.#link.database.dialect)
      return sql`${encode ? encode(key[index]) : key[index]}`
    })
  }

  /** Hides that a pair is there, and nothing else: INSERT IGNORE would hide a missing row of either side too. */
  #unlessThere(): Sql {
    const [first = ''] = this.#junction.ownerColumns
    if (this.#link.database.dialect === 'mysql') return sql` on duplicate key update ${sql.id(first)} = ${sql.id(first)}`
    return sql` on conflict do nothing`
  }

  #send(statement: Sql): Promise<Result<unknown[]>> {
    const { database } = this.#link
    const { sql: text, parameters } = statement.compile(database.kysely<unknown>())
    const run = (): Promise<Result<unknown[]>> => database.execute<unknown[]>({ text, params: parameters, rowMode: 'text' })
    return toPromise(() => writing(database, [this.#junction.table], run))
  }
}

/** Each key once, and everybody's in one order, so that nobody waits in a circle for a pair that others insert too. */
function inOrder({ relation: { foreign } }: Link, targets: readonly KeyValues[]): readonly KeyValues[] {
  const keys = new Keys(foreign, foreign)
  const distinct = [...new Map(targets.map((values) => [keys.ofValues(values) as string, values]))]
  return distinct.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, values]) => values)
}

function equal(columns: readonly string[], values: readonly Sql[]): Sql {
  return sql.join(
    columns.map((column, index) => sql`${sql.id(column)} = ${values[index] ?? sql`null`}`),
    sql` and `,
  )
}

function list(parts: readonly Sql[]): Sql {
  return sql.join(parts, sql`, `)
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += rowsPerStatement) yield all.slice(start, start + rowsPerStatement)
}
