import { between, compare, like, match, operand, within } from './conditions.ts'
import type { AggregateName, Node, ValueType } from './node.ts'
import type { Source } from './source.ts'

const bool: ValueType = { type: 'bool', nullable: false }
const int: ValueType = { type: 'int', nullable: false }
const float: ValueType = { type: 'float', nullable: true }

/** An expression in a query. Where its methods take a value, they take another expression or a subquery too. */
export class Expression {
  readonly node: Node
  /** What its values are. */
  readonly type: ValueType
  /** The rows of a to-many relation it is a column of: only an aggregate makes one value of it. */
  readonly over: Source | undefined

  constructor(node: Node, type: ValueType, over?: Source) {
    this.node = node
    this.type = type
    this.over = over
  }

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

  add(value: unknown): Expression {
    return this.#arithmetic('+', value)
  }

  sub(value: unknown): Expression {
    return this.#arithmetic('-', value)
  }

  mul(value: unknown): Expression {
    return this.#arithmetic('*', value)
  }

  div(value: unknown): Expression {
    return this.#arithmetic('/', value)
  }

  count(): Expression {
    return this.aggregate('count', int)
  }

  countDistinct(): Expression {
    return this.aggregate('count', int, true)
  }

  sum(): Expression {
    return this.aggregate('sum', { ...this.type, nullable: true })
  }

  avg(): Expression {
    return this.aggregate('avg', this.type.type === 'decimal' ? { ...this.type, nullable: true } : float)
  }

  min(): Expression {
    return this.aggregate('min', { ...this.type, nullable: true })
  }

  max(): Expression {
    return this.aggregate('max', { ...this.type, nullable: true })
  }

  protected aggregate(fn: AggregateName, type: ValueType, distinct = false): Expression {
    return new Expression({ kind: 'aggregate', fn, of: this.node, distinct, where: undefined, over: this.over, type }, type)
  }

  #arithmetic(operator: string, value: unknown): Expression {
    const right = operand(value, this.type, `'${operator}'`)
    return new Expression({ kind: 'call', name: operator, args: [this.node, right] }, this.type, this.over)
  }
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
