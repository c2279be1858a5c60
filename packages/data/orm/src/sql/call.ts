import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import { isDecimal, isWhole } from '../expressions/decimals.ts'
import type { Node } from '../expressions/node.ts'
import { typeOfNode } from '../expressions/type-of-node.ts'
import type { SqlContext } from './context.ts'
import { checkCall, isByWhole, textual } from './decimals.ts'
import type { Sql } from './dialect.ts'
import { alikeSql, asText } from './enum-types.ts'
import { areMovable } from './movable.ts'

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

/** Operators and functions. */
export function callSql({ name, args, type }: Extract<Node, { kind: 'call' }>, context: SqlContext): Sql {
  checkCall(name, args, context)
  const [first] = args
  const parts = argumentsSql(name, args, context)
  const own = context.dialect.call(variantOf(name, args), parts, type, first && typeOfNode(first), () => areMovable(args, context))
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

function argumentsSql(name: string, args: readonly Node[], context: SqlContext): readonly Sql[] {
  const parts = args.map((arg, index) => argumentSql(arg, infix.has(name) && index > 0, context))
  const types = args.map(typeOfNode)
  if (textual.has(name)) return parts.map((part, index) => asText(part, types[index], context))
  return name === 'coalesce' ? alikeSql(parts, types, context) : parts
}

/** A decimal as an operand is told to be one: MySQL would compute with its text in floating point. */
function argumentSql(node: Node, isSecond: boolean, context: SqlContext): Sql {
  const written = isSecond ? context.sql(node) : typedSql(node, context)
  const isExact = node.kind === 'value' && isDecimal(node.type)
  return (isExact ? context.dialect.call('decimal', [written], node.type, node.type) : undefined) ?? written
}

/** Operators that the types of their operands make others: a quotient of whole numbers is whole on most engines. */
function variantOf(name: string, args: readonly Node[]): string {
  if (name === '/' && args.every((arg) => isWhole(typeOfNode(arg)))) return 'div'
  if ((name === '*' || name === '/') && isByWhole(args)) return name === '*' ? 'times' : 'share'
  return name
}
