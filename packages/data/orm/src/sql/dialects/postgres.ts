import { sql } from 'kysely'
import type { ValueType } from '../../expressions/node.ts'
import type { LockOptions, Sql, SqlDialect } from '../dialect.ts'
import { Param } from '../param.ts'
import { exactOperators } from './exact-operators.ts'
import { likePattern } from './patterns.ts'
import { standardOrder } from './standard-order.ts'

/**
 * A row that refers to another shares the other's key, which these of an owner leave alone. FOR SHARE would let two relate at
 * once, who then wait for one another where each writes the owner too.
 */
const lockNames: Readonly<Record<LockOptions['mode'], string>> = {
  update: 'update',
  share: 'share',
  relate: 'no key update',
  replace: 'no key update',
}

export const postgres: SqlDialect = {
  name: 'postgres',
  lists: 'array',
  inList: (of, slot, { encode, cast = 'text' }) => {
    const list = new Param(slot, (values) => (encode ? (values as readonly unknown[]).map(encode) : values))
    return sql`${of} = any(${list}::${sql.raw(cast)}[])`
  },
  // LIKE on citext is ILIKE.
  match: (of, text, how, insensitive) =>
    insensitive ? sql`${of} ilike ${text(likePattern(how))}` : sql`cast(${of} as text) like ${text(likePattern(how))}`,
  like: (of, pattern, insensitive) => sql`${of} ${sql.raw(insensitive ? 'ilike' : 'like')} ${pattern}`,
  orderBy: standardOrder,
  limit: (limit, offset) => sql`${limit ? sql` limit ${limit}` : sql``}${offset ? sql` offset ${offset}` : sql``}`,
  lock: ({ mode, wait }, joined) => {
    const waits = sql.raw(wait === 'wait' ? '' : wait === 'skipLocked' ? ' skip locked' : ' nowait')
    // It refuses to lock the row of an outer join, which may be missing.
    return sql` for ${sql.raw(lockNames[mode])}${joined === undefined ? sql`` : sql` of ${sql.id(joined)}`}${waits}`
  },
  call: (name, args, type, of) => (name === 'avg' ? averageOf(args, type) : postgresCall(name, args, of ?? type)),
  json: (of, path, { type }) => {
    const at = sql`${path.map(String)}::text[]`
    if (type === 'json') return sql`${of} #> ${at}`
    const text = sql`${of} #>> ${at}`
    return type === 'text' ? text : sql`(${text})::${sql.raw(type === 'bool' ? 'boolean' : 'numeric')}`
  },
  typed: (parameter, { cast }) => (cast === undefined ? parameter : sql`${parameter}::${sql.raw(cast)}`),
}

const dateParts: ReadonlySet<string> = new Set(['year', 'month', 'day'])

function postgresCall(name: string, args: readonly Sql[], of: ValueType): Sql | undefined {
  const [first = sql``, second = sql``] = args
  if (dateParts.has(name)) {
    const local = of.type === 'datetime' ? sql`${first} at time zone 'UTC'` : first
    return sql`extract(${sql.raw(name)} from ${local})::int`
  }
  const operator = of.type === 'decimal' ? exactOperators.get(name) : undefined
  if (operator !== undefined) return exact(sql`${sql.join(args, sql.raw(operator))}`, of)
  if (name === 'concat') return sql`(${sql.join(args, sql` || `)})`
  if (name === 'round') return rounded(first, second, of)
  return undefined
}

/** Of whole numbers it is a decimal of some digits, and a double on other engines. */
function averageOf(args: readonly Sql[], { type }: ValueType): Sql | undefined {
  return type === 'float' ? sql`cast(${sql.join(args)} as double precision)` : undefined
}

/** A decimal is written with all its digits, however few are left of them. */
function rounded(value: Sql, digits: Sql, of: ValueType): Sql {
  if (of.type === 'float') return sql`round(${value}::numeric, ${digits})::double precision`
  const short = sql`round(${value}, ${digits})`
  return of.type === 'decimal' && of.scale !== undefined ? exact(short, of) : short
}

/** A product or quotient has as many digits as the decimal it is of. */
function exact(value: Sql, { scale }: ValueType): Sql {
  return scale === undefined ? sql`(${value})` : sql`round(${value}, ${sql.lit(scale)})`
}
