import { types } from 'node:util'
import { checkValue } from '../codecs/check.ts'
import { assertOpen } from '../crypto/assert-open.ts'
import { InvalidValueError, UndefinedValueError, UnknownOperatorError } from '../errors.ts'
import type { Comparison, Match, Node, ValueType } from './node.ts'
import { TypedNode } from './typed-node.ts'
import { isSubquery } from './subquery.ts'
import { typeOfValue } from './type-of-value.ts'

type Make = (of: Node, value: unknown, type: ValueType, where: string) => Node

/** An odd number of them: each pair stands for one. */
const endsInEscape = /(?<!\\)\\(?:\\\\)*$/
const textual: ValueType = { type: 'text', nullable: false }

/** The operators of `where(path, operator, value)`. */
const operators: ReadonlyMap<unknown, Make> = new Map<string, Make>([
  ...(['=', '!=', '<', '<=', '>', '>='] as const).map((op): [string, Make] => [
    op,
    (of, value, type, where) => compare(of, op, value, type, where),
  ]),
  ['in', (of, value, type, where) => within(of, value, type, where, false)],
  ['not in', (of, value, type, where) => within(of, value, type, where, true)],
  ['between', between],
  ['is null', (of, value, _type, where) => isNull(of, value, where)],
  ...(['like', 'ilike'] as const).flatMap((how): [string, Make][] => [
    [how, (of, value, _type, where) => like(of, value, where, how === 'ilike')],
    [`not ${how}`, (of, value, _type, where) => ({ kind: 'not', of: like(of, value, where, how === 'ilike') })],
  ]),
  ...(['contains', 'startsWith', 'endsWith'] as const).flatMap((how): [string, Make][] => [
    [how, (of, value, _type, where) => match(of, how, value, where, false)],
    [`i${how.toLowerCase().replace('with', 'With')}`, (of, value, _type, where) => match(of, how, value, where, true)],
  ]),
])

/** @throws {UnknownOperatorError} {@link InvalidValueError} {@link UndefinedValueError} */
export function condition(of: Node, operator: unknown, value: unknown, type: ValueType, where: string): Node {
  const make = operators.get(operator)
  if (!make) throw new UnknownOperatorError(operator, [...operators.keys()].map(String))
  return make(of, value, type, where)
}

/** A comparison with a value, another expression or a subquery; with null it asks for NULL. */
export function compare(subject: Node, op: Comparison, value: unknown, given: ValueType, where: string): Node {
  if (value !== null) assertOpen(subject, where)
  const { of, type } = asValue(subject, given, value)
  if (value instanceof TypedNode) return { kind: 'compare', op, left: of, right: value.node }
  if (isSubquery(value)) return { kind: 'compare', op, left: of, right: { kind: 'subquery', query: value.asSubquery() } }
  if (value === null) {
    if (op !== '=' && op !== '!=') throw new InvalidValueError(where, `null cannot be compared by '${op}'.`)
    return { kind: 'null', of, negated: op === '!=' }
  }
  return { kind: 'compare', op, left: of, right: { kind: 'value', value: checkValue(value, type, where), type } }
}

/**
 * `in` and `not in`. NULL is split off: `x in (1, NULL)` would miss the rows without a value, and `x not in (1, NULL)`
 * would find nothing at all.
 */
export function within(subject: Node, value: unknown, given: ValueType, where: string, negated: boolean): Node {
  assertOpen(subject, where)
  const { of, type } = asValue(subject, given, Array.isArray(value) ? value.find((item) => item !== null) : value)
  if (isSubquery(value)) return { kind: 'inQuery', of, query: value.asSubquery(), negated }
  if (value === undefined) throw new UndefinedValueError(where)
  if (!Array.isArray(value)) throw new InvalidValueError(where, `'in' takes a list of values or a query, not ${typeof value}.`)
  const all: readonly unknown[] = value
  const values = all.filter((item) => item !== null).map((item) => checkValue(item, type, where))
  const isEmpty = values.length === 0
  const listed: Node = isEmpty ? { kind: 'boolean', value: negated } : { kind: 'in', of, values, type, negated }
  if (values.length === all.length) return listed
  const none: Node = { kind: 'null', of, negated }
  return isEmpty ? none : { kind: 'logic', op: negated ? 'and' : 'or', parts: [listed, none] }
}

export function between(subject: Node, value: unknown, given: ValueType, where: string): Node {
  assertOpen(subject, where)
  if (!Array.isArray(value) || value.length !== 2) throw new InvalidValueError(where, "'between' takes the two bounds: [from, to].")
  const { of, type } = asValue(subject, given, value[0])
  const [from, to] = (value as unknown[]).map((bound) => operand(bound, type, where))
  return { kind: 'between', of, from: from ?? { kind: 'boolean', value: false }, to: to ?? { kind: 'boolean', value: false } }
}

export function like(subject: Node, value: unknown, where: string, insensitive: boolean): Node {
  assertOpen(subject, where)
  const { of } = asValue(subject, textual, '')
  // PostgreSQL fails at it, the others find nothing.
  if (typeof value === 'string' && endsInEscape.test(value))
    throw new InvalidValueError(where, "the pattern ends in a single '\\', which escapes nothing. Write '\\\\' for the character itself.")
  return { kind: 'like', of, pattern: operand(value, textual, where), insensitive }
}

/** The text as it is: `%`, `_` and the escape character are literal. */
export function match(subject: Node, how: Match, value: unknown, where: string, insensitive: boolean): Node {
  assertOpen(subject, where)
  const text = checkValue(value, textual, where)
  if (typeof text !== 'string') throw new InvalidValueError(where, `'${how}' takes a string.`)
  const { of } = asValue(subject, textual, '')
  return { kind: 'match', of, how, text, insensitive }
}

/** An expression as it is, a value as a parameter of this type. */
export function operand(value: unknown, type: ValueType, where: string): Node {
  if (value instanceof TypedNode) return value.node
  if (isSubquery(value)) return { kind: 'subquery', query: value.asSubquery() }
  if (value === null) throw new InvalidValueError(where, 'null cannot stand here. Ask for NULL by isNull().')
  return { kind: 'value', value: checkValue(value, type, where), type }
}

/** The members of `where({ … })`: a list means any of its values. */
export function member(of: Node, value: unknown, type: ValueType, where: string): Node {
  const isList = Array.isArray(value) && type.type !== 'json' && !types.isUint8Array(value)
  return isList ? within(of, value, type, where, false) : compare(of, '=', value, type, where)
}

function isNull(of: Node, value: unknown, where: string): Node {
  if (typeof value !== 'boolean') throw new InvalidValueError(where, "'is null' takes true or false.")
  return { kind: 'null', of, negated: !value }
}

/** A member of a JSON value is compared as what it is compared with: as text with a string, as a number with a number. */
function asValue(of: Node, type: ValueType, value: unknown): { of: Node; type: ValueType } {
  if (of.kind !== 'json' || value === null || typeof value === 'object') return { of, type }
  const own = typeOfValue(value)
  return { of: { ...of, type: own }, type: own }
}
