import { sql } from 'kysely'
import { InvalidQueryError } from '../../errors.ts'
import { isScaled } from '../../expressions/decimals.ts'
import type { ValueType } from '../../expressions/node.ts'
import type { Sql, SqlDialect } from '../dialect.ts'
import { Param } from '../param.ts'
import { jsonList, listedSql } from './json-lists.ts'
import { jsonPath } from './json-path.ts'
import { globPattern, likePattern } from './patterns.ts'
import { scaledCall } from './scaled-call.ts'
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
  call: (name, args, type, of, areMovable) => sqliteCall(name, args, of ?? type, areMovable),
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

function sqliteCall(name: string, args: readonly Sql[], of: ValueType, areMovable?: () => boolean): Sql | undefined {
  const [first = sql``, second = sql``] = args
  const part = dateParts.get(name)
  if (part !== undefined) return sql`cast(strftime(${sql.lit(part)}, ${first}) as integer)`
  if (name === 'now') return sql.raw("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")
  if (name === 'concat') return sql`(${sql.join(args, sql` || `)})`
  if (isScaled(of)) return scaledCall(name, [first, second], of.scale, areMovable)
  if (name === 'times' || name === 'share') return sql`(${sql.join(args, sql.raw(name === 'times' ? ' * ' : ' / '))})`
  return undefined
}
