import { createHash } from 'node:crypto'
import { types } from 'node:util'
import { checkValue } from '../codecs/check.ts'
import { InvalidQueryError } from '../errors.ts'
import type { Node, Ordering, ValueType } from '../expressions/node.ts'
import { equal, valueNode } from '../expressions/parts.ts'
import { rootOf } from '../expressions/source.ts'
import type { CursorPage } from '../types/pages.ts'
import type { Chain } from './chain.ts'
import { orderByOp, plainOp, whereNode } from './ops.ts'
import type { Rows } from './rows.ts'
import { isBounded } from './state.ts'

const maxSize = 10_000

interface CursorRequest {
  readonly after?: unknown
  readonly before?: unknown
  readonly size?: unknown
}

/**
 * A page that goes on from a row by its whole sort key (keyset pagination): rows inserted or deleted before it shift
 * nothing.
 */
export async function readCursor<R>(rows: Rows<R>, request: CursorRequest): Promise<CursorPage<R>> {
  const size = sizeOf(request.size)
  const orders = ordersOf(rows.chain)
  const mark = fingerprintOf(rows.chain, orders)
  const { from, backwards } = startOf(request, mark, orders)
  const found = await pageFrom(rows, backwards ? orders.map(reversed) : orders, from).limit(size + 1)
  const items = found.slice(0, size)
  if (backwards) items.reverse()
  const more = found.length > size
  const at = (item: R | undefined, there: boolean): string | null => (there && item !== undefined ? encodeCursor(item, mark, orders) : null)
  return { items, next: at(items.at(-1), backwards || more), previous: at(items[0], backwards ? more : from !== undefined) }
}

function sizeOf(size: unknown): number {
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 1 && size <= maxSize) return size
  throw new InvalidQueryError(`cursor() takes a size from 1 to ${maxSize}.`, { statusCode: 400 })
}

/** The row the page goes on from, if it does, and in which direction. */
function startOf(
  { after, before }: CursorRequest,
  mark: string,
  orders: readonly ColumnOrder[],
): { from: readonly unknown[] | undefined; backwards: boolean } {
  if (isGiven(after) && isGiven(before)) throw new InvalidQueryError('cursor() takes `after` or `before`, not both.', { statusCode: 400 })
  const backwards = isGiven(before)
  const cursor = backwards ? before : after
  return { from: isGiven(cursor) ? decode(cursor, mark, orders) : undefined, backwards }
}

/** The query in this order, from behind the row on. */
function pageFrom<R>(rows: Rows<R>, orders: readonly ColumnOrder[], from: readonly unknown[] | undefined): Rows<R> {
  let chain = rows.chain.add(
    plainOp('unordered', (state) => {
      state.orderBy = []
    }),
  )
  if (from) chain = chain.add(whereNode(beyond(orders, from), ({ qualify }) => qualify.length > 0))
  for (const order of orders) chain = chain.add(orderByOp(order))
  return rows.next(chain)
}

interface ColumnOrder extends Ordering {
  readonly by: Extract<Node, { kind: 'column' }>
}

/** The query's order with its key behind it. */
function ordersOf(chain: Chain): readonly ColumnOrder[] {
  const state = chain.state()
  const source = rootOf(chain.meta)
  if (isBounded(state)) throw new InvalidQueryError('cursor() has its own size: leave limit() and offset() out.')
  const named = state.orderBy.map(({ by, ...rest }) => {
    if (by.kind !== 'column' || by.source !== source)
      throw new InvalidQueryError(`cursor() goes on by values of ${chain.meta.name} itself. Order by its own columns, or use paginate().`)
    return { ...rest, by }
  })
  const keys = chain.meta.primaryKey.filter((column) => !named.some(({ by }) => by.column === column))
  const orders = [
    ...named,
    ...keys.map((column): ColumnOrder => ({ by: { kind: 'column', source, column }, direction: 'asc', nulls: 'last' })),
  ]
  for (const { by } of orders) assertShowable(by, chain.meta.name)
  return orders
}

/** A cursor is readable, and goes to clients. Encrypted columns are in no order at all. */
function assertShowable({ column: { property, field } }: ColumnOrder['by'], model: string): void {
  if (field.hidden)
    throw new InvalidQueryError(
      `cursor() has the values it goes on from in the cursor, which clients can read, and '${property}' of ${model} is hidden. Order by other columns, or use paginate().`,
    )
}

/** Rows behind the given one: beyond it in the first column, or equal there and beyond it in the next, and so on. */
function beyond(orders: readonly ColumnOrder[], values: readonly unknown[]): Node {
  const parts: Node[] = []
  for (const [index, order] of orders.entries()) {
    const equal = orders.slice(0, index).map(({ by }, before) => equals(by, values[before]))
    const further = beyondIn(order, values[index])
    if (further) parts.push({ kind: 'logic', op: 'and', parts: [...equal, further] })
  }
  return { kind: 'logic', op: 'or', parts }
}

function beyondIn({ by, direction, nulls }: ColumnOrder, value: unknown): Node | undefined {
  const isNull: Node = { kind: 'null', of: by, negated: false }
  if (value === null) return nulls === 'first' ? { ...isNull, negated: true } : undefined
  const greater: Node = { kind: 'compare', op: direction === 'asc' ? '>' : '<', left: by, right: valueOf(by, value) }
  return by.column.field.nullable && nulls === 'last' ? { kind: 'logic', op: 'or', parts: [greater, isNull] } : greater
}

function equals(by: ColumnOrder['by'], value: unknown): Node {
  return value === null ? { kind: 'null', of: by, negated: false } : equal(by, valueOf(by, value))
}

function valueOf(by: ColumnOrder['by'], value: unknown): Node {
  return valueNode(value, by.column.field)
}

function reversed(order: ColumnOrder): ColumnOrder {
  return { ...order, direction: order.direction === 'asc' ? 'desc' : 'asc', nulls: order.nulls === 'first' ? 'last' : 'first' }
}

/** Tells the cursors of one query from those of another; nothing secret. */
function fingerprintOf(chain: Chain, orders: readonly ColumnOrder[]): string {
  const order = orders.map(({ by, direction, nulls }) => `${by.column.property} ${direction} ${nulls}`).join(',')
  return createHash('sha256').update(`${chain.meta.table} ${order}`).digest('base64url').slice(0, 8)
}

function encodeCursor(item: unknown, mark: string, orders: readonly ColumnOrder[]): string {
  const values = orders.map(({ by: { column } }) => {
    const value = (item as Readonly<Record<string, unknown>>)[column.property]
    if (value === undefined) throw new InvalidQueryError(`cursor() needs '${column.property}' in the rows: select it too.`)
    return toText(value)
  })
  return Buffer.from(JSON.stringify([mark, ...values])).toString('base64url')
}

/** @throws {InvalidQueryError} */
function decode(cursor: unknown, mark: string, orders: readonly ColumnOrder[]): readonly unknown[] {
  const refused = new InvalidQueryError('This cursor is not from this query. Begin again without one.', { statusCode: 400 })
  if (typeof cursor !== 'string') throw refused
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw refused
  }
  if (!Array.isArray(parts) || parts[0] !== mark || parts.length !== orders.length + 1) throw refused
  return orders.map(({ by: { column } }, index) => fromText(parts[index + 1], column.field, refused))
}

function toText(value: unknown): unknown {
  if (types.isDate(value)) return value.toISOString()
  if (types.isUint8Array(value)) return Buffer.from(value).toString('base64url')
  return typeof value === 'bigint' ? value.toString() : value
}

function fromText(value: unknown, type: ValueType, refused: Error): unknown {
  if (value === null) return null
  try {
    return checkValue(type.type === 'bytes' && typeof value === 'string' ? Buffer.from(value, 'base64url') : value, type, 'cursor')
  } catch {
    throw refused
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
