import { sql } from 'kysely'
import type { Database } from '@covet/db'
import type { Sql } from '../sql/dialect.ts'
import type { WriteColumn } from './write-column.ts'

/** The text of a statement whose parameters are in the order in which they stand. */
export function textOf(statement: Sql, database: Database): string {
  return statement.compile(database.kysely<unknown>()).sql
}

/** A parameter whose value comes with each run. */
export function placeholder(): Sql {
  return sql`${null}`
}

/**
 * The parameters of a new row. SQLite's driver has floating-point numbers alone, and an integer by way of a bigint costs
 * five times the cast.
 */
export function givenSql(columns: readonly WriteColumn[], dialect: string): Sql {
  const given = ({ cast }: WriteColumn): Sql => (dialect === 'sqlite' ? castSql(placeholder(), cast) : placeholder())
  return sql.join(columns.map(given), sql`, `)
}

export function castSql(value: Sql, cast: string | undefined): Sql {
  return cast === undefined ? value : sql`cast(${value} as ${sql.raw(cast)})`
}

export function names(columns: readonly { readonly name: string }[]): Sql {
  return sql.join(
    columns.map(({ name }) => sql.id(name)),
    sql`, `,
  )
}

export function returningSql(columns: readonly WriteColumn[]): Sql {
  return columns.length === 0 ? sql`` : sql` returning ${names(columns)}`
}

/** `a = ? and b = ?` */
export function equalsSql(columns: readonly { readonly name: string }[]): Sql {
  return sql.join(
    columns.map(({ name }) => sql`${sql.id(name)} = ${placeholder()}`),
    sql` and `,
  )
}
