import { sql } from 'kysely'
import type { SqlDialect } from '../dialect.ts'

/** `order by … nulls last`, as SQL:2003 has it. */
export const standardOrder: SqlDialect['orderBy'] = (by, direction, nulls, nullable) => {
  const place = nullable ? sql` nulls ${sql.raw(nulls)}` : sql``
  return sql`${by} ${sql.raw(direction)}${place}`
}
