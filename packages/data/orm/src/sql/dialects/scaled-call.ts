import { sql } from 'kysely'
import { digitsOfInteger } from '../../expressions/decimals.ts'
import type { Sql } from '../dialect.ts'

/** Below 2^63 by more than an estimate in floating point is off. */
const largest = sql.raw('9.2e18')
/** The absolute value of the least integer is the one SQLite refuses to compute: "integer overflow". */
const overflow = sql.raw('abs(-9223372036854775808)')

type Operands = readonly [Sql, Sql]

/** What the operands are called in a query of one row that holds them. */
const named: Operands = [sql.raw('l'), sql.raw('r')]

/**
 * Products, quotients and roundings of scaled integers, in integers throughout: SQLite's floating point has 15 digits. What
 * does not fit into 64 bits is an error, where SQLite would go on in floating point. Each operand stands in them several
 * times, so that a long one is named once: those of a chain would otherwise be as many times as long with each call.
 */
export function scaledCall(name: string, operands: Operands, scale: number, areMovable?: () => boolean): Sql | undefined {
  const write = writers.get(name)
  if (!write) return undefined
  if (!areMovable?.()) return write(operands, scale)
  const [first, second] = operands
  return sql`(select ${write(named, scale)} from (select ${first} as l, ${second} as r))`
}

const writers: ReadonlyMap<string, (operands: Operands, scale: number) => Sql> = new Map([
  ['*', product],
  ['/', quotient],
  ['times', ([first, second]) => fitting([sql`1.0 * ${first} * ${second}`], sql`${first} * ${second}`)],
  ['share', ([first, second]) => sql`(${divided(first, second)})`],
  ['avg', ([first], scale) => sql`(${first} / ${unitOf(scale)})`],
  ['round', rounded],
])

function unitOf(scale: number): Sql {
  return sql.lit(10 ** scale)
}

/** Whole units and rest of the first one by one: both multiplied at once would soon be beyond 64 bits. */
function product([first, second]: Operands, scale: number): Sql {
  const unit = unitOf(scale)
  const [rest, otherRest] = [sql`(${first} % ${unit})`, sql`(${second} % ${unit})`]
  return fitting(
    [sql`1.0 * ${first} * ${second} / ${unit}`, sql`1.0 * ${rest} * ${otherRest}`],
    sql`${first} / ${unit} * ${second} + ${rest} * (${second} / ${unit}) + ${divided(sql`(${rest} * ${otherRest})`, unit)}`,
  )
}

function quotient([first, second]: Operands, scale: number): Sql {
  const unit = unitOf(scale)
  const rest = sql`(${first} % ${second} * ${unit})`
  return fitting(
    [sql`1.0 * ${first} * ${unit} / ${second}`, sql`1.0 * (${first} % ${second}) * ${unit}`],
    sql`${first} / ${second} * ${unit} + ${divided(rest, second)}`,
  )
}

function rounded([value, digits]: Operands, scale: number): Sql {
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
