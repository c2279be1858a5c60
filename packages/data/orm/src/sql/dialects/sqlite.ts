import { sql } from 'kysely'
import { InvalidQueryError } from '../../errors.ts'
import { isScaled } from '../../expressions/decimals.ts'
import type { ValueType } from '../../expressions/node.ts'
import type { Sql, SqlDialect } from '../dialect.ts'
import { Param } from '../param.ts'
import { jsonList, listedSql } from './json-lists.ts'
import { jsonPath } from './json-path.ts'
import { globPattern, likePattern } from './patterns.ts'
import { standardOrder } from './standard-order.ts'

export const sqlite: SqlDialect = {
  name: 'sqlite',
  lists: 'json',
  inList: (of, slot, codec, type) =>
    sql`${of} in (select ${listedSql('value', type)} from json_each(${new Param(slot, (values) => jsonList(values as readonly unknown[], codec))}))`,
  match: (of, text, how, insensitive) =>
    insensitive ? sql`${of} like ${text(likePattern(how))} escape ${sql.lit('\\')}` : sql`${of} glob ${text(globPattern(how))}`,
  like: (of, pattern) => sql`${of} like ${pattern} escape ${sql.lit('\\')}`,
  orderBy: standardOrder,
  // A bare parameter would make SQLite prepare the statement anew whenever another value is bound, three times the cost of a lookup.
  limit: (limit, offset) => sql` limit ${limit ? sql`${limit} + 0` : sql.lit(-1)}${offset ? sql` offset ${offset}` : sql``}`,
  lock: () => {
    throw new InvalidQueryError('SQLite has no row locks: a writing transaction holds the whole database. Leave lock() out.')
  },
  call: (name, args, type, of) => sqliteCall(name, args, of ?? type),
  json: (of, path, type) => {
    const at = sql`${jsonPath(path)}`
    return type.type === 'json' ? sql`${of} -> ${at}` : sql`${of} ->> ${at}`
  },
  typed: (parameter) => parameter,
}

const dateParts: ReadonlyMap<string, string> = new Map([
  ['year', '%Y'],
  ['month', '%m'],
  ['day', '%d'],
])

function sqliteCall(name: string, args: readonly Sql[], of: ValueType): Sql | undefined {
  const [first = sql``, second = sql``] = args
  const part = dateParts.get(name)
  if (part !== undefined) return sql`cast(strftime(${sql.lit(part)}, ${first}) as integer)`
  if (name === 'now') return sql.raw("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")
  if (name === 'concat') return sql`(${sql.join(args, sql` || `)})`
  if (isScaled(of)) return scaledCall(name, first, second, sql.lit(10 ** of.scale))
  if (name === 'times' || name === 'share') return sql`(${sql.join(args, sql.raw(name === 'times' ? ' * ' : ' / '))})`
  return undefined
}

/** Products and quotients of scaled integers, scaled back; exact to 15 digits, products with whole numbers always. */
function scaledCall(name: string, first: Sql, second: Sql, unit: Sql): Sql | undefined {
  if (name === '*') return sql`cast(round(1.0 * ${first} * ${second} / ${unit}) as integer)`
  if (name === '/') return sql`cast(round(1.0 * ${first} * ${unit} / ${second}) as integer)`
  if (name === 'times') return sql`(${first} * ${second})`
  if (name === 'share') return sql`cast(round(1.0 * ${first} / ${second}) as integer)`
  if (name === 'avg') return sql`(${first} / ${unit})`
  if (name === 'round') return sql`cast(round(1.0 * ${first} / ${unit}, ${second}) * ${unit} as integer)`
  return undefined
}
