import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import { digitsOfInteger, isDecimal, isNumeric, isScaled, isWhole, needSame } from '../expressions/decimals.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import { typeOfNode } from '../expressions/type-of-node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { alikeSql } from './enum-types.ts'

/** Functions of text. */
export const textual: ReadonlySet<string> = new Set(['concat', 'lower', 'upper', 'trim', 'length'])
/** What gives its operand back as it is. */
const carrying: ReadonlySet<string> = new Set(['coalesce', 'lag', 'lead', 'first_value', 'last_value'])
const alike: ReadonlySet<string> = new Set(['+', '-', 'mod', 'coalesce'])

/**
 * The two or three sides of a comparison in one unit. On SQLite decimals are integers of their last digits: 2.00 is 200
 * there and 0.5000 is 5000.
 * @throws {InvalidQueryError} where a decimal is compared with what is no number, and for text decimals out of order
 */
export function comparable(nodes: readonly Node[], context: SqlContext, ordered: boolean): readonly Sql[] {
  const types = nodes.map(typeOfNode)
  const written = nodes.map((node) => context.operand(node))
  if (!types.some(isDecimal))
    return alikeSql(
      written,
      types.map((type, index) => (nodes[index]?.kind === 'value' ? undefined : type)),
      context,
    )
  for (const type of types)
    if (type && !isNumeric(type)) throw new InvalidQueryError(`A decimal is compared with a ${type.type}. Compare it with a number.`)
  if (context.dialect.name !== 'sqlite') return written
  needOneStorage(types)
  const scales = types.map((type) => type?.scale ?? 0)
  const isText = types.some(isTextDecimal)
  if (isText && (ordered || new Set(scales).size > 1)) refuseText('compared by order, or with another scale')
  const unit = Math.max(...scales)
  return written.map((side, index) => {
    const missing = unit - (scales[index] ?? 0)
    return missing === 0 || types[index] === undefined ? side : sql`${side} * ${sql.lit(10 ** missing)}`
  })
}

/** The values of a choice, or a value and a query it is sought in: all are stored alike. */
export function needAlike(nodes: readonly Node[], what: string, context: SqlContext): void {
  const types = nodes.map(typeOfNode)
  needSame(types, what)
  if (context.dialect.name === 'sqlite') needOneStorage(types)
}

/** @throws {InvalidQueryError} where engines would not agree: for decimals of different units or their text, and remainders of floats */
export function checkCall(name: string, args: readonly Node[], context: SqlContext): void {
  const types = args.map(typeOfNode)
  if (name === 'mod') needExact(types)
  if (!types.some(isDecimal)) return
  if (textual.has(name)) refuseAsText(`${name}()`)
  if (alike.has(name)) needSame(types, `'${name}'`)
  if (name === '*' || name === '/') needFactors(types, name)
  if (context.dialect.name !== 'sqlite') return
  if (!carrying.has(name) && types.some(isTextDecimal)) refuseText(`computed with by '${name}'`)
  if (name === 'coalesce') needOneStorage(types)
}

/** @throws {InvalidQueryError} for text functions and patterns */
export function needText(node: Node, what: string): void {
  if (isDecimal(typeOfNode(node))) refuseAsText(what)
}

/** @throws {InvalidQueryError} on SQLite for decimals it keeps as text, whose order is another one */
export function needOrder(node: Node, what: string, context: SqlContext): void {
  if (context.dialect.name === 'sqlite' && isTextDecimal(typeOfNode(node))) refuseText(what)
}

/** Whether a decimal is multiplied or divided by a whole number, which has no unit to scale back. */
export function isByWhole([first, second]: readonly Node[]): boolean {
  return first !== undefined && second !== undefined && isDecimal(typeOfNode(first)) && isWhole(typeOfNode(second))
}

function needFactors([first, second]: readonly (ValueType | undefined)[], name: string): void {
  if (isDecimal(first) && isWhole(second)) return
  if (isWhole(first) && isDecimal(second))
    throw new InvalidQueryError(`'${name}' of a whole number and a decimal: begin with the decimal, as in c.price.mul(c.quantity).`)
  needSame([first, second], `'${name}'`)
}

/** 5.5 mod 2 is 1 on SQLite, which takes their whole parts, 1.5 on MariaDB, and an error on PostgreSQL. */
function needExact(types: readonly (ValueType | undefined)[]): void {
  const other = types.find((type) => type && !isWhole(type) && !isDecimal(type))
  if (other)
    throw new InvalidQueryError(
      `'mod' takes whole numbers and decimals, and here is a value of type ${other.type}, whose remainder engines compute differently or not at all. Compute it in your code, or declare the field as a decimal.`,
    )
}

/** Numbers and text do not compare. */
function needOneStorage(types: readonly (ValueType | undefined)[]): void {
  const known = types.filter((type) => type !== undefined)
  if (known.some(isTextDecimal) && !known.every(isTextDecimal)) refuseText('used beside other numbers')
}

function isTextDecimal(type: ValueType | undefined): boolean {
  return type !== undefined && isDecimal(type) && type.scale !== undefined && !isScaled(type) && !type.encrypted
}

function refuseText(what: string): never {
  throw new InvalidQueryError(
    `SQLite keeps decimals of more than ${digitsOfInteger} digits as text, so they cannot be ${what}; '=' and 'in' work. Declare f.decimal with at most ${digitsOfInteger} digits, or use another engine.`,
  )
}

function refuseAsText(what: string): never {
  throw new InvalidQueryError(`${what} takes text, and engines write decimals differently. Select the decimal and write it in your code.`)
}
