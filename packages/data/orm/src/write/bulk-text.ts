import { sql } from 'kysely'
import type { Database } from '@covet/db'
import type { Sql } from '../sql/dialect.ts'
import type { NewRow } from './row-encoder.ts'
import { givenSql, names, placeholder, textOf } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** What stands after the rows of an INSERT. */
export interface Tail {
  /** Tells two tails apart. */
  readonly key: string
  readonly sql: () => Sql
  /** What the whole INSERT stands in. */
  readonly around?: (insert: Sql) => Sql
}

/** The text of an INSERT of `count` rows. PostgreSQL gets one array per column, so its text fits any number. */
export function bulkText(writer: Writer, present: readonly WriteColumn[], count: number, tail: Tail, database: Database): string {
  const isArrays = writer.dialect === 'postgres'
  const key = `insert ${isArrays ? '' : count} ${present.map(({ index }) => index).join()} ${tail.key}`
  return writer.text(key, () => {
    const rows = isArrays ? arrays(present) : sql`values ${tuples(present, count, writer.dialect)}`
    const insert = sql`insert into ${sql.table(writer.meta.table)} (${names(present)}) ${rows}${tail.sql()}`
    return textOf(tail.around ? tail.around(insert) : insert, database)
  })
}

/** In the order given, so that the keys counted up are in it too. */
function arrays(present: readonly WriteColumn[]): Sql {
  const lists = sql.join(
    present.map(({ cast = 'text' }) => sql`${placeholder()}::${sql.raw(cast)}[]`),
    sql`, `,
  )
  const given = sql.id('given')
  const columns = sql.join(
    present.map(({ name }) => sql`${given}.${sql.id(name)}`),
    sql`, `,
  )
  return sql`select ${columns} from unnest(${lists}) with ordinality as ${given} (${names(present)}, ${sql.id('covet ordinal')}) order by ${given}.${sql.id('covet ordinal')}`
}

function tuples(present: readonly WriteColumn[], count: number, dialect: string): Sql {
  const tuple = sql`(${givenSql(present, dialect)})`
  return sql.join(
    Array.from({ length: count }, () => tuple),
    sql`, `,
  )
}

/** The parameters of that text. */
export function bulkParams({ dialect }: Writer, present: readonly WriteColumn[], rows: readonly NewRow[]): unknown[] {
  if (dialect === 'postgres') return present.map(({ index }) => rows.map(({ row }) => row[index]))
  const params = new Array<unknown>(present.length * rows.length)
  const indexes = present.map(({ index }) => index)
  let position = 0
  for (const { row } of rows) for (let at = 0; at < indexes.length; at += 1) params[position++] = row[indexes[at] as number]
  return params
}
