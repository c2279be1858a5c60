import { sql } from 'kysely'
import type { Codec } from '../../codecs/codec.ts'
import { InvalidQueryError } from '../../errors.ts'
import type { SqlDialect } from '../dialect.ts'
import { Param } from '../param.ts'
import { globPattern, likePattern } from './patterns.ts'

export const sqlite: SqlDialect = {
  name: 'sqlite',
  lists: 'json',
  inList: (of, slot, codec) => sql`${of} in (select value from json_each(${new Param(slot, (values) => jsonList(values as readonly unknown[], codec))}))`,
  match: (of, text, how, insensitive) =>
    insensitive
      ? sql`${of} like ${text(likePattern(how))} escape ${sql.lit('\\')}`
      : sql`${of} glob ${text(globPattern(how))}`,
  like: (of, pattern) => sql`${of} like ${pattern} escape ${sql.lit('\\')}`,
  orderBy: (by, direction, nulls, nullable) => {
    const standard = nullable ? sql` nulls ${sql.raw(nulls)}` : sql``
    return sql`${by} ${sql.raw(direction)}${standard}`
  },
  limit: (limit, offset) => sql` limit ${limit ?? sql.lit(-1)}${offset ? sql` offset ${offset}` : sql``}`,
  lock: () => {
    throw new InvalidQueryError('SQLite has no row locks: a writing transaction holds the whole database. Leave lock() out.')
  },
  typed: (parameter) => parameter,
}

/** Integers beyond 2^53 are written as digits, which JSON.stringify cannot do and SQLite reads exactly. */
function jsonList(values: readonly unknown[], { encode }: Codec): string {
  return `[${values.map((value) => jsonValue(encode ? encode(value) : value)).join(',')}]`
}

function jsonValue(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) throw new InvalidQueryError("SQLite cannot compare bytes with a list by 'in'. Use or() of single comparisons.")
  return JSON.stringify(value)
}
