import { sql } from 'kysely'
import type { SqlDialect } from '../dialect.ts'
import { Param } from '../param.ts'
import { likePattern } from './patterns.ts'

export const postgres: SqlDialect = {
  name: 'postgres',
  lists: 'array',
  inList: (of, slot, { encode, cast = 'text' }) => {
    const list = new Param(slot, (values) => (encode ? (values as readonly unknown[]).map(encode) : values))
    return sql`${of} = any(${list}::${sql.raw(cast)}[])`
  },
  match: (of, text, how, insensitive) => sql`${of} ${sql.raw(insensitive ? 'ilike' : 'like')} ${text(likePattern(how))}`,
  like: (of, pattern, insensitive) => sql`${of} ${sql.raw(insensitive ? 'ilike' : 'like')} ${pattern}`,
  orderBy: (by, direction, nulls, nullable) => {
    const standard = nullable ? sql` nulls ${sql.raw(nulls)}` : sql``
    return sql`${by} ${sql.raw(direction)}${standard}`
  },
  limit: (limit, offset) => sql`${limit ? sql` limit ${limit}` : sql``}${offset ? sql` offset ${offset}` : sql``}`,
  lock: ({ mode, wait }) => sql.raw(` for ${mode}${wait === 'wait' ? '' : wait === 'skipLocked' ? ' skip locked' : ' nowait'}`),
  typed: (parameter, { cast }) => (cast === undefined ? parameter : sql`${parameter}::${sql.raw(cast)}`),
}
