import { InvalidQueryError, InvalidValueError } from '../errors.ts'
import type { OrderOptions } from '../types/expression.ts'
import { between, compare, like, match, operand, within } from './conditions.ts'
import type { AggregateName, Node, ValueType } from './node.ts'
import { Ordered } from './ordered.ts'
import { chosenType } from './type-of-node.ts'
import { TypedNode } from './typed-node.ts'
import { average, jsonKey, nodeOf, windowOf, type WindowOptions } from './parts.ts'

const bool: ValueType = { type: 'bool', nullable: false }
const int: ValueType = { type: 'int', nullable: false }
const bigint: ValueType = { type: 'bigint', nullable: false }
const float: ValueType = { type: 'float', nullable: true }
const text: ValueType = { type: 'text', nullable: false }

/** An expression in a query. Where its methods take a value, they take another expression or a subquery too. */
export class Expression extends TypedNode {
  eq(value: unknown): Expression {
    return condition(compare(this.node, '=', value, this.type, 'eq()'))
  }

  ne(value: unknown): Expression {
    return condition(compare(this.node, '!=', value, this.type, 'ne()'))
  }

  gt(value: unknown): Expression {
    return condition(compare(this.node, '>', value, this.type, 'gt()'))
  }

  gte(value: unknown): Expression {
    return condition(compare(this.node, '>=', value, this.type, 'gte()'))
  }

  lt(value: unknown): Expression {
    return condition(compare(this.node, '<', value, this.type, 'lt()'))
  }

  lte(value: unknown): Expression {
    return condition(compare(this.node, '<=', value, this.type, 'lte()'))
  }

  in(values: unknown): Expression {
    return condition(within(this.node, values, this.type, 'in()', false))
  }

  notIn(values: unknown): Expression {
    return condition(within(this.node, values, this.type, 'notIn()', true))
  }

  between(from: unknown, to: unknown): Expression {
    return condition(between(this.node, [from, to], this.type, 'between()'))
  }

  isNull(): Expression {
    return condition({ kind: 'null', of: this.node, negated: false })
  }

  isNotNull(): Expression {
    return condition({ kind: 'null', of: this.node, negated: true })
  }

  like(pattern: unknown): Expression {
    return condition(like(this.node, pattern, 'like()', false))
  }

  ilike(pattern: unknown): Expression {
    return condition(like(this.node, pattern, 'ilike()', true))
  }

  contains(text: unknown): Expression {
    return condition(match(this.node, 'contains', text, 'contains()', false))
  }

  startsWith(text: unknown): Expression {
    return condition(match(this.node, 'startsWith', text, 'startsWith()', false))
  }

  endsWith(text: unknown): Expression {
    return condition(match(this.node, 'endsWith', text, 'endsWith()', false))
  }

  icontains(text: unknown): Expression {
    return condition(match(this.node, 'contains', text, 'icontains()', true))
  }

  istartsWith(text: unknown): Expression {
    return condition(match(this.node, 'startsWith', text, 'istartsWith()', true))
  }

  iendsWith(text: unknown): Expression {
    return condition(match(this.node, 'endsWith', text, 'iendsWith()', true))
  }

  and(...others: Expression[]): Expression {
    return and(this, ...others)
  }

  or(...others: Expression[]): Expression {
    return or(this, ...others)
  }

  not(): Expression {
    return not(this)
  }

  /** Of a condition: that it holds. */
  isTrue(): Expression {
    return condition(this.node)
  }

  add(value: unknown): Expression {
    return this.#call('+', [value])
  }

  sub(value: unknown): Expression {
    return this.#call('-', [value])
  }

  mul(value: unknown): Expression {
    return this.#scale('*', value)
  }

  div(value: unknown): Expression {
    return divided(this.#scale('/', value), 'div()')
  }

  mod(value: unknown): Expression {
    return divided(this.#call('mod', [value]), 'mod()')
  }

  abs(): Expression {
    return this.#call('abs')
  }

  round(digits = 0): Expression {
    if (!Number.isSafeInteger(digits) || digits < 0) throw new InvalidQueryError('round() takes a whole number of digits, 0 or more.')
    return this.#make({ kind: 'call', name: 'round', args: [this.node, { kind: 'number', value: digits }], type: this.type }, this.type)
  }

  coalesce(value: unknown): Expression {
    const other = operand(value, this.type, 'coalesce()')
    const type = { ...chosenType(this.type, [other]), nullable: false }
    return this.#make({ kind: 'call', name: 'coalesce', args: [this.node, other], type }, type)
  }

  concat(...parts: unknown[]): Expression {
    const args = [this.node, ...parts.map((part) => operand(part, text, 'concat()'))]
    return this.#make({ kind: 'call', name: 'concat', args, type: this.#textual }, this.#textual)
  }

  lower(): Expression {
    return this.#call('lower', [], this.#textual)
  }

  upper(): Expression {
    return this.#call('upper', [], this.#textual)
  }

  trim(): Expression {
    return this.#call('trim', [], this.#textual)
  }

  length(): Expression {
    return this.#call('length', [], this.#integer)
  }

  year(): Expression {
    return this.#call('year', [], this.#integer)
  }

  month(): Expression {
    return this.#call('month', [], this.#integer)
  }

  day(): Expression {
    return this.#call('day', [], this.#integer)
  }

  /** A member of a JSON value. The keys are data wherever they come from: they never become SQL. */
  path(...path: unknown[]): Expression {
    if (this.type.type !== 'json') throw new InvalidQueryError('path() belongs to a json field.')
    const keys = path.map(jsonKey)
    const type: ValueType = { type: 'json', nullable: true }
    return this.#make({ kind: 'json', of: this.node, path: keys, type }, type)
  }

  asc(options: OrderOptions = {}): Ordered {
    return new Ordered(this, 'asc', options.nulls)
  }

  desc(options: OrderOptions = {}): Ordered {
    return new Ordered(this, 'desc', options.nulls)
  }

  count(): Expression {
    return this.#aggregate('count', int)
  }

  countDistinct(): Expression {
    return this.#aggregate('count', int, true)
  }

  sum(): Expression {
    return this.#aggregate('sum', { ...this.type, nullable: true })
  }

  avg(): Expression {
    const exact = this.type.type === 'decimal' || this.type.type === 'bigint' || this.type.type === 'bigid'
    return this.#aggregate('avg', exact ? average() : float)
  }

  min(): Expression {
    return this.#aggregate('min', { ...this.type, nullable: true })
  }

  max(): Expression {
    return this.#aggregate('max', { ...this.type, nullable: true })
  }

  /** Of an aggregate: only of the rows that satisfy the condition. */
  filter(where: unknown): Expression {
    if (this.node.kind !== 'aggregate') throw new InvalidQueryError('filter() belongs to an aggregate, such as c.views.sum().')
    return new Expression({ ...this.node, where: nodeOf(where, 'filter()') }, this.type)
  }

  /** Of an aggregate or a window function: over the rows around each row, which stay as they are. */
  over(window: WindowOptions = {}): Expression {
    if (this.node.kind !== 'aggregate' && this.node.kind !== 'call')
      throw new InvalidQueryError('over() belongs to an aggregate or a window function.')
    return new Expression({ kind: 'window', of: this.node, window: windowOf(window) }, this.type)
  }

  get #textual(): ValueType {
    return { type: 'text', nullable: this.type.nullable }
  }

  get #integer(): ValueType {
    return { type: 'int', nullable: this.type.nullable }
  }

  #call(name: string, values: readonly unknown[] = [], type: ValueType = this.type): Expression {
    const args = [this.node, ...values.map((value) => operand(value, this.type, `'${name}'`))]
    return this.#make({ kind: 'call', name, args, type }, type)
  }

  /** A whole number has no unit: a decimal times it is exact, however large it is. */
  #scale(name: '*' | '/', value: unknown): Expression {
    const type = this.type.type === 'decimal' ? wholeType(value) : undefined
    if (type === undefined) return this.#call(name, [value])
    const args = [this.node, operand(value, type, `'${name}'`)]
    return this.#make({ kind: 'call', name, args, type: this.type }, this.type)
  }

  #aggregate(fn: AggregateName, type: ValueType, distinct = false): Expression {
    return new Expression(
      { kind: 'aggregate', fn, of: this.node, distinct, where: undefined, over: this.rows, type, input: this.type },
      type,
    )
  }

  #make(node: Node, type: ValueType): Expression {
    return new Expression(node, type, this.rows)
  }
}

/** The type of a whole number that is given as one. */
function wholeType(value: unknown): ValueType | undefined {
  if (typeof value === 'bigint') return bigint
  return Number.isSafeInteger(value) ? int : undefined
}

/**
 * The quotient or remainder, unless by a plain 0: an error on PostgreSQL, and null elsewhere.
 * @throws {InvalidValueError}
 */
function divided(result: Expression, where: string): Expression {
  const divisor = result.node.kind === 'call' ? result.node.args[1] : undefined
  if (divisor?.kind === 'value' && divisor.value !== null && Number(divisor.value) === 0)
    throw new InvalidValueError(where, 'nothing can be divided by 0.')
  return result
}

export function condition(node: Node): Expression {
  return new Expression(node, bool)
}

/** True when all are; without any, true. */
export function and(...parts: Expression[]): Expression {
  return condition({ kind: 'logic', op: 'and', parts: parts.map(({ node }) => node) })
}

/** True when one is; without any, false. */
export function or(...parts: Expression[]): Expression {
  return condition({ kind: 'logic', op: 'or', parts: parts.map(({ node }) => node) })
}

/** True when it is not. */
export function not(part: Expression): Expression {
  return condition({ kind: 'not', of: part.node })
}
