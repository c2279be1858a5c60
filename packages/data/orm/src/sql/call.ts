import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'

const infix: ReadonlySet<string> = new Set(['+', '-', '*', '/'])
const functions: ReadonlySet<string> = new Set([
  'abs',
  'round',
  'coalesce',
  'concat',
  'lower',
  'upper',
  'trim',
  'length',
  'year',
  'month',
  'day',
  'now',
  'row_number',
  'rank',
  'dense_rank',
  'lag',
  'lead',
  'first_value',
  'last_value',
])

const whole: ReadonlySet<string | undefined> = new Set(['id', 'int', 'bigid', 'bigint'])

/** Operators and functions. */
export function callSql({ name, args, type }: Extract<Node, { kind: 'call' }>, context: SqlContext): Sql {
  const [first] = args
  const parts = args.map((arg, index) => (infix.has(name) && index > 0 ? context.sql(arg) : typedSql(arg, context)))
  const own = context.dialect.call(isWholeDivision(name, args) ? 'div' : name, parts, type, first && typeOf(first))
  if (own) return own
  if (infix.has(name)) return sql`(${sql.join(parts, sql.raw(` ${name} `))})`
  if (name === 'isNotTrue') return sql`(${parts[0] ?? sql``}) is not true`
  if (name === 'mod') return sql`(${sql.join(parts, sql` % `)})`
  if (!functions.has(name)) throw new InvalidQueryError(`There is no function '${name}'.`)
  return sql`${sql.raw(name)}(${parts.length === 0 ? sql`` : sql.join(parts, sql`, `)})`
}

/** The SQL of an expression where nothing around it tells the engine the type of a parameter. */
export function typedSql(node: Node, context: SqlContext): Sql {
  const written = context.sql(node)
  return node.kind === 'value' && node.value !== null ? context.dialect.typed(written, context.codec(node.type)) : written
}

/** Its quotient is whole on most engines. */
function isWholeDivision(name: string, args: readonly Node[]): boolean {
  return name === '/' && args.every((arg) => whole.has(typeOf(arg)?.type))
}

function typeOf(node: Node): ValueType | undefined {
  if (node.kind === 'column') return node.column.field
  return 'type' in node ? node.type : undefined
}
