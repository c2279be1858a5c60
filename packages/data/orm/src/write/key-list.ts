import { sql } from 'kysely'
import type { Sql } from '../sql/dialect.ts'
import type { WriteColumn } from './write-column.ts'

/**
 * The keys that PostgreSQL counted up as one list in one row: a thousand rows of one column take the client longer to read
 * than everything else of such an INSERT but its values.
 */
export function keyList(insert: Sql, { name }: WriteColumn): Sql {
  const inserted = sql.id('inserted')
  return sql`with ${inserted} as (${insert}) select array_agg(${sql.id(name)}) from ${inserted}`
}

/** What the INSERT alone would have answered. */
export function rowsOfKeyList([row]: readonly (readonly unknown[])[]): unknown[][] {
  const list = row?.[0]
  // Without any row there is no list.
  return typeof list === 'string'
    ? list
        .slice(1, -1)
        .split(',')
        .map((key) => [key === 'NULL' ? null : key])
    : []
}
