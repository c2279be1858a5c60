import { types } from 'node:util'
import { checkValue } from '../codecs/check.ts'
import { InvalidQueryError, UndefinedValueError } from '../errors.ts'
import { callWithColumns, namedExpression, type Names } from '../expressions/callback.ts'
import { condition, member } from '../expressions/conditions.ts'
import { Expression } from '../expressions/expression.ts'
import { fingerprint, orderings } from '../expressions/fingerprint.ts'
import { hasWindow } from '../expressions/has-window.ts'
import type { Node, Ordering, ValueType } from '../expressions/node.ts'
import { Ordered } from '../expressions/ordered.ts'
import { orderingOf } from '../expressions/parts.ts'
import type { TypedNode } from '../expressions/typed-node.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { OrderOptions } from '../types/expression.ts'
import { type Op, noValues } from './op.ts'
import { columnPath, type ColumnPath, type PlainComparison, throughMany } from './path.ts'
import type { QueryState } from './state.ts'

/**
 * A condition given as an expression.
 * @param isLate whether it is on the rows that all others leave, those on windows too
 */
export function whereNode(node: Node, isLate: (state: QueryState) => boolean = never): Op {
  const sink = new ValueSink()
  const token = `where ${fingerprint(node, sink)}`
  return {
    token,
    values: sink.values,
    scoped: sink.scoped,
    fold(state, base) {
      fingerprint(node, new ValueSink(state.slots, base))
      const conditions = isLate(state) || hasWindow(node) ? state.qualify : state.where
      conditions.push(node)
    },
  }
}

function never(): boolean {
  return false
}

/** `where(path, value)` and `where(path, operator, value)`. */
export function wherePath(meta: ModelMeta, path: string, operator: unknown, value: unknown): Op {
  const resolved = columnPath(meta, path)
  const plain = plainComparison(resolved, operator, value)
  if (plain) return plain
  const made = condition(resolved.node, operator, value, resolved.column.field, resolved.name)
  return whereNode(throughMany(resolved, made))
}

/** The comparison of a column with a value, which most conditions are: its structure is known without making it. */
function plainComparison(path: ColumnPath, operator: unknown, value: unknown): Op | undefined {
  if (value === null || value === undefined || (typeof value === 'object' && !types.isDate(value))) return undefined
  const known = path.comparisons.get(operator)
  const { column, node } = path
  // That an encrypted column cannot be compared is said where other conditions are made.
  if (known === undefined || column.field.encrypted) return undefined
  const checked = checkValue(value, column.field, path.name)
  return new ComparisonOp(known, node, column.field, checked)
}

class ComparisonOp implements Op {
  readonly token: string
  readonly values: readonly unknown[]
  readonly scoped: ReadonlySet<ModelMeta> | undefined
  readonly #comparison: PlainComparison
  readonly #left: Node
  readonly #type: ValueType

  constructor(comparison: PlainComparison, left: ColumnPath['node'], type: ValueType, value: unknown) {
    this.token = comparison.token
    this.values = [value]
    this.scoped = left.source.scoped
    this.#comparison = comparison
    this.#left = left
    this.#type = type
  }

  fold(state: QueryState, base: number): void {
    const right: Node = { kind: 'value', value: this.values[0], type: this.#type }
    state.slots.set(right, base)
    state.where.push({ kind: 'compare', op: this.#comparison.op, left: this.#left, right })
  }
}

/** The same of what has a name in the query. @param args the name, and what follows it */
export function whereNamed(named: TypedNode, where: string, args: readonly unknown[]): Op {
  const { node, type } = namedExpression(named)
  const [operator, value] = args.length === 2 ? ['=', args[1]] : args.slice(1)
  return whereNode(condition(node, operator, value, type, where))
}

/** `where({ … })`: all of its members. */
export function whereMembers(meta: ModelMeta, members: object): Op {
  const prototype: unknown = Object.getPrototypeOf(members)
  if (Array.isArray(members) || types.isDate(members) || (prototype !== null && Object.getPrototypeOf(prototype) !== null))
    throw new InvalidQueryError(`${meta.name}.where() takes a path and a value, a plain object of columns and values, or a function.`, {
      statusCode: 400,
    })
  const parts = Object.entries(members).map(([name, value]) => {
    const column = columnPath(meta, name)
    if (value === undefined) throw new UndefinedValueError(`${meta.name}.${name}`)
    return throughMany(column, member(column.node, value, column.column.field, `${meta.name}.${name}`))
  })
  return whereNode({ kind: 'logic', op: 'and', parts })
}

/** `where(c => …)`. */
export function whereFunction(meta: ModelMeta, make: (columns: never) => unknown, names?: Names): Op {
  const made = callWithColumns(meta, make, names)
  if (!(made instanceof Expression))
    throw new InvalidQueryError(`The function given to ${meta.name}.where() must return a condition, such as c.name.eq('x').`)
  return whereNode(made.node)
}

/** `orderBy(path, direction)`. It has no values, so that one is enough for all queries. */
export function orderByPath(meta: ModelMeta, path: string, direction: unknown): Op {
  const { orders } = columnPath(meta, path)
  const known = orders.get(direction)
  if (known) return known
  const op = orderByOp(ordering({ meta }, path, direction))
  orders.set(direction, op)
  return op
}

export function orderByOp(by: Ordering): Op {
  const sink = new ValueSink()
  const token = `order ${orderings([by], sink)}`
  return {
    token,
    values: sink.values,
    scoped: sink.scoped,
    fold(state, base) {
      orderings([by], new ValueSink(state.slots, base))
      state.orderBy.push(by)
    },
  }
}

export function ordering(
  { meta, names }: { readonly meta: ModelMeta; readonly names?: Names | undefined },
  by: unknown,
  direction?: unknown,
  { nulls }: OrderOptions = {},
): Ordering {
  if (typeof by === 'function') {
    const made = callWithColumns(meta, by as (columns: never) => unknown, names)
    if (made instanceof Ordered) return orderingOf(made)
    if (!(made instanceof Expression))
      throw new InvalidQueryError('The function given to orderBy() must return an expression, such as c.name.lower() or c.name.desc().')
    return orderingOf(new Ordered(made, direction, nulls))
  }
  const named = names?.get(by as string)
  if (named) return orderingOf(new Ordered(namedExpression(named), direction, nulls))
  const { many, node, column, text } = columnPath(meta, by as string)
  if (many.length > 0) {
    throw new InvalidQueryError(
      `Ordering ${meta.name} by '${text}' has many values per row. Order by one of them: orderBy(c => c.${text}.max()).`,
    )
  }
  return orderingOf(new Ordered(new Expression(node, column.field), direction, nulls))
}

/** A limit or an offset. */
export function countOp(what: 'limit' | 'offset', count: unknown): Op {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
    throw new InvalidQueryError(`${what}() takes a whole number, 0 or more.`, { statusCode: 400 })
  return {
    token: what,
    bounds: what,
    values: [count],
    fold(state, base) {
      state[what] = base
    },
  }
}

/** A call without values. */
export function plainOp(token: string, fold: Op['fold']): Op {
  return { token, values: noValues, fold }
}

/** Which rows with the mark of a soft delete are meant. */
export function deletedOp(deleted: 'with' | 'only'): Op {
  return plainOp(`deleted ${deleted}`, (state) => {
    state.deleted = deleted
  })
}
