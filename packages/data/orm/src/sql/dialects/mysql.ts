import { sql } from 'kysely'
import { InvalidQueryError } from '../../errors.ts'
import { isWhole } from '../../expressions/decimals.ts'
import type { ValueType } from '../../expressions/node.ts'
import type { Sql, SqlDialect } from '../dialect.ts'
import { exactOperators } from './exact-operators.ts'
import { jsonPath } from './json-path.ts'
import { likePattern } from './patterns.ts'

/** MySQL asks for a limit where there is an offset; its manual names this number. */
const everyRow = '18446744073709551615'

export const mysql: SqlDialect = {
  name: 'mysql',
  lists: 'padded',
  inList: () => {
    throw new InvalidQueryError('A list is written as single parameters on MySQL.')
  },
  match: (of, text, how, insensitive) => collated(of, text(likePattern(how)), insensitive),
  like: collated,
  orderBy: (by, direction, nulls, nullable) => {
    const sorted = sql`${by} ${sql.raw(direction)}`
    // NULL sorts first in ascending and last in descending order.
    const wanted = nulls === 'first' ? 'asc' : 'desc'
    return nullable && wanted !== direction ? sql`${by} is null ${sql.raw(nulls === 'first' ? 'desc' : 'asc')}, ${sorted}` : sorted
  },
  limit: (limit, offset) => {
    if (!limit && !offset) return sql``
    return sql` limit ${limit ?? sql.raw(everyRow)}${offset ? sql` offset ${offset}` : sql``}`
  },
  lock: ({ mode, wait }) => {
    // The row of a junction shares its owner's row anyway, as every row does that refers to it.
    const shares = mode === 'share' || mode === 'relate'
    if (wait === 'wait') return sql.raw(shares ? ' lock in share mode' : ' for update')
    const waits = wait === 'skipLocked' ? 'skip locked' : 'nowait'
    return sql.raw(shares ? sharedLock(waits) : ` for update ${waits}`)
  },
  call: (name, args, type, of) => wholeAverage(name, args, type, of) ?? mysqlCall(name, args, of ?? type),
  json: (of, path, { type }) => {
    const member = sql`json_extract(${of}, ${jsonPath(path)})`
    // MariaDB's text of it has spaces that the value it is compared with has not.
    if (type === 'json') return sql`/*M! json_compact(*/${member}/*M! )*/`
    return type === 'bool' ? sql`(${member} = true)` : sql`json_unquote(${member})`
  },
  // To MySQL a string is no JSON value, whatever its text; MariaDB has text only.
  jsonValue: (parameter) => sql`/*!80000 cast(*/${parameter}/*!80000 as json)*/`,
  typed: (parameter) => parameter,
}

/**
 * MySQL has these behind FOR SHARE only, which MariaDB does not have. Each carries out the comment that is its own: MariaDB
 * leaves out those for versions from 5.7 to 9.99 of MySQL, MySQL those that begin with M.
 * https://mariadb.com/kb/en/comment-syntax/
 */
function sharedLock(waits: string): string {
  return ` /*!80000 for share ${waits} *//*M! lock in share mode ${waits} */`
}

function collated(
  of: Parameters<SqlDialect['like']>[0],
  pattern: Parameters<SqlDialect['like']>[1],
  insensitive: boolean,
): ReturnType<SqlDialect['like']> {
  return insensitive ? sql`lower(${of}) like lower(${pattern})` : sql`${of} like ${pattern} collate utf8mb4_bin`
}

/**
 * The average of whole numbers has 4 digits more than they have. With as many as fit before it they are those of a double,
 * and its sum is exact, which that of doubles is not.
 */
function wholeAverage(name: string, args: readonly Sql[], { type }: ValueType, of: ValueType | undefined): Sql | undefined {
  if (type !== 'float' || !of || !isWhole(of)) return undefined
  if (name === 'averaged') return sql`cast(${sql.join(args)} as decimal(45, 26))`
  return name === 'avg' ? sql`(${sql.join(args)} + 0e0)` : undefined
}

function mysqlCall(name: string, args: readonly Sql[], of: ValueType): Sql | undefined {
  if (of.type === 'decimal' && name === 'decimal') return exact(sql`${sql.join(args)}`, of)
  const operator = of.type === 'decimal' ? exactOperators.get(name) : undefined
  if (operator !== undefined) return exact(sql`${sql.join(args, sql.raw(operator))}`, of)
  if (name === 'round' && of.type === 'decimal' && of.scale !== undefined) return exact(sql`round(${sql.join(args)})`, of)
  if (name === 'now') return sql.raw('utc_timestamp(3)')
  if (name === 'div') return sql`(${sql.join(args, sql` div `)})`
  if (name === 'length') return sql`char_length(${args[0] ?? sql``})`
  return undefined
}

/** With as many digits after the point as the decimal it is of; an average keeps what it has. */
function exact(value: Sql, { scale }: ValueType): Sql {
  return scale === undefined ? sql`(${value})` : sql`cast(${value} as decimal(65, ${sql.lit(scale)}))`
}
