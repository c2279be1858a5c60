import { sql } from 'kysely'
import { digitsOfInteger } from '../../expressions/decimals.ts'
import type { Sql } from '../dialect.ts'

/** Below 2^63 by more than an estimate in floating point is off. */
const largest = sql.raw('9.2e18')
/** The absolute value of the least integer is the one SQLite refuses to compute: "integer overflow". */
const overflow = sql.raw('abs(-9223372036854775808)')

/**
 * Products, quotients and roundings of scaled integers, in integers throughout: SQLite's floating point has 15 digits. What
 * does not fit into 64 bits is an error, where SQLite would go on in floating point.
 */
export function scaledCall(name: string, first: Sql, second: Sql, scale: number): Sql | undefined {
  const unit = sql.lit(10 ** scale)
  if (name === '*') return product(first, second, unit)
  if (name === '/') return quotient(first, second, unit)
  if (name === 'times') return fitting([sql`1.0 * ${first} * ${second}`], sql`${first} * ${second}`)
  if (name === 'share') return sql`(${divided(first, second)})`
  if (name === 'avg') return sql`(${first} / ${unit})`
  if (name === 'round') return rounded(first, second, scale)
  return undefined
}

/** Whole units and rest of the first one by one: both multiplied at once would soon be beyond 64 bits. */
function product(first: Sql, second: Sql, unit: Sql): Sql {
  const [rest, otherRest] = [sql`(${first} % ${unit})`, sql`(${second} % ${unit})`]
  return fitting(
    [sql`1.0 * ${first} * ${second} / ${unit}`, sql`1.0 * ${rest} * ${otherRest}`],
    sql`${first} / ${unit} * ${second} + ${rest} * (${second} / ${unit}) + ${divided(sql`(${rest} * ${otherRest})`, unit)}`,
  )
}

function quotient(first: Sql, second: Sql, unit: Sql): Sql {
  const rest = sql`(${first} % ${second} * ${unit})`
  return fitting(
    [sql`1.0 * ${first} * ${unit} / ${second}`, sql`1.0 * (${first} % ${second}) * ${unit}`],
    sql`${first} / ${second} * ${unit} + ${divided(rest, second)}`,
  )
}

/** @param digits a number in the SQL */
function rounded(value: Sql, digits: Sql, scale: number): Sql {
  const zeros = sql.lit('0'.repeat(digitsOfInteger))
  const step = sql`cast('1' || substr(${zeros}, 1, max(${sql.lit(scale)} - ${digits}, 0)) as integer)`
  return sql`((${divided(value, step)}) * ${step})`
}

/** A quotient of integers, half of one away from zero. */
function divided(value: Sql, by: Sql): Sql {
  return sql`${value} / ${by} + ${value} % ${by} / (${by} - ${by} / 2)`
}

/** @param estimates in floating point, of all that is computed on the way */
function fitting(estimates: readonly Sql[], exact: Sql): Sql {
  const beyond = estimates.map((estimate) => sql`abs(${estimate}) >= ${largest}`)
  return sql`(case when ${sql.join(beyond, sql` or `)} then ${overflow} else ${exact} end)`
}
