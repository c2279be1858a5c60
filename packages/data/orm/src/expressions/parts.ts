import { assertOpen } from '../crypto/assert-open.ts'
import { InvalidQueryError } from '../errors.ts'
import { TypedNode } from './typed-node.ts'
import type { Node, Ordering, ValueType, Window } from './node.ts'
import { Ordered } from './ordered.ts'

type Many<T> = T | readonly T[]

/** What `over(…)` takes. */
export interface WindowOptions {
  readonly partitionBy?: Many<unknown>
  readonly orderBy?: Many<unknown>
  readonly frame?: { readonly unit: unknown; readonly from: unknown; readonly to: unknown }
}

const units: ReadonlySet<unknown> = new Set(['rows', 'range', 'groups'])
const bound = /^(?:unbounded preceding|unbounded following|current row|\d{1,9} (?:preceding|following))$/

export function windowOf({ partitionBy, orderBy, frame }: WindowOptions): Window {
  return {
    partitionBy: listOf(partitionBy).map((part) => nodeOf(part, 'partitionBy')),
    orderBy: listOf(orderBy).map(orderingOf),
    ...(frame && { frame: frameOf(frame) }),
  }
}

/** An order given as an expression, or as one with its direction. */
export function orderingOf(given: unknown): Ordering {
  const ordering: Ordering =
    given instanceof Ordered
      ? { by: given.expression.node, direction: given.direction, nulls: given.nulls }
      : { by: nodeOf(given, 'orderBy'), direction: 'asc', nulls: 'last' }
  assertOpen(ordering.by, 'orderBy()')
  return ordering
}

export function nodeOf(given: unknown, where: string): Node {
  if (!(given instanceof TypedNode)) throw new InvalidQueryError(`${where} takes an expression, such as c.name or c.views.gt(1).`)
  return given.node
}

export function valueNode(value: unknown, type: ValueType): Node {
  return { kind: 'value', value, type }
}

/** That one expression is the same as another. */
export function equal(left: Node, right: Node): Node {
  return { kind: 'compare', op: '=', left, right }
}

/** What an exact average is: more digits than any input has, so it is read as the engine writes it. */
export function average(): ValueType {
  return { type: 'decimal', nullable: true }
}

/** @throws {InvalidQueryError} */
export function jsonKey(key: unknown): string | number {
  if (typeof key === 'string') return key
  if (typeof key === 'number' && Number.isSafeInteger(key) && key >= 0) return key
  throw new InvalidQueryError('path() takes keys as strings and positions as whole numbers.')
}

/** The frame's words are checked one by one: it becomes text of the statement. */
function frameOf({ unit, from, to }: { readonly unit: unknown; readonly from: unknown; readonly to: unknown }): string {
  for (const end of [from, to])
    if (typeof end !== 'string' || !bound.test(end))
      throw new InvalidQueryError(
        `A window's frame ends at ${JSON.stringify(end)}, which is no bound. Write '1 preceding', 'current row' …`,
      )
  if (!units.has(unit)) throw new InvalidQueryError("A window's frame counts 'rows', 'range' or 'groups'.")
  return `${String(unit)} between ${String(from)} and ${String(to)}`
}

function listOf(given: Many<unknown> | undefined): readonly unknown[] {
  if (given === undefined) return []
  return Array.isArray(given) ? (given as readonly unknown[]) : [given]
}
