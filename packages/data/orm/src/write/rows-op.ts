import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { rootOf } from '../expressions/source.ts'
import type { Op } from '../query/op.ts'
import type { QueryState } from '../query/state.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import type { Batch } from './batches.ts'
import { type GivenRows, givenParams, givenRows } from './given-rows.ts'
import { matchingConditions } from './query-write.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

const noted = 'rows'

interface Noted {
  readonly writer: Writer
  readonly present: readonly WriteColumn[]
  readonly given: GivenRows
}

/** The call of a chain that brings the rows of an UPDATE, each with values of its own. */
export class RowsOp implements Op {
  readonly token: string
  readonly values: readonly unknown[]
  readonly #writer: Writer
  readonly #present: readonly WriteColumn[]
  readonly #count: number

  constructor(writer: Writer, batch: Batch) {
    const { present, rows } = batch
    this.#writer = writer
    this.#present = present
    this.#count = rows.length
    this.values = givenParams(writer, batch)
    this.token = `rows ${writer.dialect} ${this.values.length} ${present.map(({ index }) => index).join()}`
  }

  fold(state: QueryState, base: number): void {
    const given = givenRows(this.#writer, this.#present, this.#count, base)
    state.notes.set(noted, { writer: this.#writer, present: this.#present, given } satisfies Noted)
  }
}

/** The UPDATE of a chain with such a call. */
export function compileRows(state: QueryState, context: SqlContext, database: Database): Compiled {
  const { writer, present, given } = state.notes.get(noted) as Noted
  const { meta, primaryKey } = writer
  context.fromUnaliased(rootOf(meta))
  const keys = primaryKey.map((column) => sql`${sql.id(meta.table, column.name)} = ${given.key(column)}`)
  const conditions = matchingConditions(state, context)
  const set = sql.join(assignments(writer, present, given), sql`, `)
  const all = (parts: readonly Sql[]): Sql => sql.join(parts, sql` and `)
  const table = sql.table(meta.table)
  const statement =
    writer.dialect === 'mysql'
      ? // Row after row in the order given, which is that of the locks.
        sql`update ${given.rows} straight_join ${table} on ${all(keys)} set ${set}${conditions.length > 0 ? sql` where ${all(conditions)}` : sql``}`
      : sql`update ${table} set ${set} from ${given.rows} where ${all([...keys, ...conditions])}`
  return compileSql(statement, context, database)
}

function assignments({ meta, primaryKey, version, dialect }: Writer, present: readonly WriteColumn[], given: GivenRows): readonly Sql[] {
  // An UPDATE of several tables says whose column it is; the others do not let it.
  const target = ({ name }: WriteColumn): Sql => (dialect === 'mysql' ? sql.id(meta.table, name) : sql.id(name))
  const written = present.filter((column) => !primaryKey.includes(column)).map((column) => sql`${target(column)} = ${given.value(column)}`)
  if (!version || present.includes(version)) return written
  return [...written, sql`${target(version)} = ${sql.id(meta.table, version.name)} + 1`]
}
