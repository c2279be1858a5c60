import { sql } from 'kysely'
import { assertCombinable, assertSelectionOpen } from '../crypto/assert-open.ts'
import { InvalidQueryError } from '../errors.ts'
import type { Node, Ordering } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { ComputedRows } from '../query/computed.ts'
import type { Combination, SetOperator } from '../query/set-operation.ts'
import type { SharedRows } from '../query/shared.ts'
import { isBounded, type QueryState, type Selected } from '../query/state.ts'
import { typedSql } from './call.ts'
import type { SqlContext } from './context.ts'
import { needAlike } from './decimals.ts'
import type { Sql } from './dialect.ts'
import type { From } from './from.ts'
import { orderingSql } from './ordering.ts'
import { columnOutputs, type Output, selectedOutputs } from './outputs.ts'
import { Param } from './param.ts'

/** The conditions of a query, its model's own included. */
export function conditionsOf(state: QueryState): readonly Node[] {
  const { meta, deleted, unscoped, scope } = state
  const where = unscoped ? state.where.map((node) => (node.kind === 'recursive' ? { ...node, unscoped } : node)) : state.where
  const own = scope && !unscoped ? [scope, ...where] : where
  const mark = meta.duty('deletedAt')
  if (!mark || deleted === 'with' || unscoped) return own
  const of: Node = { kind: 'column', source: rootOf(meta), column: mark }
  return [...own, { kind: 'null', of, negated: deleted === 'only' }]
}

export function whereSql(conditions: readonly Node[], context: SqlContext): Sql {
  if (conditions.length === 0) return sql``
  return sql` where ${sql.join(
    conditions.map((node) => (conditions.length === 1 ? context.sql(node) : context.condition(node))),
    sql` and `,
  )}`
}

/** The order of the rows. With a limit the key is appended, so that pages neither repeat nor lose rows. */
export function orderSql(state: QueryState, context: SqlContext): Sql {
  const wanted = isBounded(state) ? withTieBreaker(state) : state.orderBy
  if (wanted.length === 0) return sql``
  return sql` order by ${orderingSql(wanted, context)}`
}

function withTieBreaker({ orderBy, meta, groupBy, distinct, selection, combined }: QueryState): readonly Ordering[] {
  if (groupBy || (distinct && selection)) return orderBy
  const source = rootOf(meta)
  // Of combined rows only what is selected is there.
  const there =
    combined && combined.operator !== 'computed' && selection ? selectedColumns(meta, selection).map(([column]) => column) : meta.primaryKey
  const missing = meta.primaryKey.filter(
    (column) => there.includes(column) && !orderBy.some(({ by }) => by.kind === 'column' && by.source === source && by.column === column),
  )
  return [...orderBy, ...missing.map((column): Ordering => ({ by: { kind: 'column', source, column }, direction: 'asc', nulls: 'last' }))]
}

export function limitSql(state: QueryState, context: SqlContext): Sql {
  if (!isBounded(state)) return sql``
  const param = (slot: number | undefined): Sql | undefined => (slot === undefined ? undefined : sql`${new Param(context.at(slot))}`)
  return context.dialect.limit(param(state.limit), param(state.offset))
}

/** The table a query reads, or the queries whose rows it reads instead. */
export function openFrom(state: QueryState, context: SqlContext): From {
  const { combined, meta } = state
  const from = context.from(rootOf(meta), combined && rowsSql(combined, state, context))
  // Rows of such selections have the names that were selected, not those of the table's columns.
  if (combined?.left.selection) from.holdsOnly(selectedColumns(meta, combined.left.selection), selecting(combined))
  return from
}

function selecting({ operator }: Rows): string {
  return operator === 'shared'
    ? 'the shared query selects. Select it before shared()'
    : 'the combined queries select. Select it in both of them'
}

function selectedColumns(meta: ModelMeta, selection: readonly Selected[]): readonly (readonly [column: ColumnMeta, name: string])[] {
  const source = rootOf(meta)
  return selection.flatMap(({ name, node }) => (node.kind === 'column' && node.source === source ? [[node.column, name] as const] : []))
}

/** Rows that come from queries. */
type Rows = Combination | SharedRows | ComputedRows

function rowsSql(combined: Rows, { lock, meta }: QueryState, context: SqlContext): Sql {
  if (combined.operator === 'computed') {
    if (lock)
      throw new InvalidQueryError(
        `The rows under a condition on a window cannot be locked. Lock those of ${meta.name} itself: a query that has this one in a condition.`,
      )
    return sql`(${computedSql(combined, context.beside(combined.left))})`
  }
  if (combined.operator !== 'shared') return sql`(${combinedSql(combined, context)})`
  if (lock)
    throw new InvalidQueryError(
      `The rows of a shared query cannot be locked. Lock those of ${meta.name} itself: a query that has the shared one in a condition.`,
    )
  return context.sharedRows(combined.slot, () => partSql(combined.left, context.beside(combined.left)))
}

/** The columns of the rows, and what is computed of each. */
function computedSql({ left, columns }: ComputedRows, context: SqlContext): Sql {
  const from = openFrom(left, context)
  const computed = columns.map(({ name, node }) => ({ sql: sql`${typedSql(node, context)} as ${sql.id(name)}` }))
  return selectSql(left, from, [...columnOutputs(from, left.meta.columns), ...computed], context)
}

/** Each part in brackets of its own: an order or a limit inside is the part's. */
function combinedSql({ operator, left, right }: Combination, context: SqlContext): Sql {
  const other = context.besideQuery(right)
  assertCombinable(operator, left, other.state)
  assertOneUnit(operator, left, other.state, context)
  const parts = [partSql(left, context.beside(left)), partSql(other.state, other.context)]
  const wrapped = parts.map((part) => sql`select * from (${part}) as ${sql.id(context.alias())}`)
  return sql.join(wrapped, sql.raw(` ${operator} `))
}

/** Columns are matched by place, so the two at one place are stored alike. */
function assertOneUnit(operator: SetOperator, left: QueryState, right: QueryState, context: SqlContext): void {
  for (const [index, { name, node }] of (left.selection ?? []).entries()) {
    const other = right.selection?.[index]
    if (other) needAlike([node, other.node], `'${name}' in ${operator}()`, context)
  }
}

function partSql(state: QueryState, context: SqlContext): Sql {
  const from = openFrom(state, context)
  const outputs = state.selection
    ? selectedOutputs(state, state.selection, from, context).map(({ sql: written, type }, index) => ({
        sql: sql`${written} as ${sql.id(state.selection?.[index]?.name ?? '')}`,
        type,
      }))
    : columnOutputs(from, state.meta.columns)
  return selectSql(state, from, outputs, context)
}

/**
 * A whole SELECT. The list comes first: what it joins must be known before FROM is written.
 * @param limit instead of the query's own
 */
export function selectSql<Written extends Pick<Output, 'sql'>>(
  state: QueryState,
  from: From,
  outputs: readonly Written[],
  context: SqlContext,
  limit: Sql = limitSql(state, context),
): Sql {
  if (state.distinct) assertSelectionOpen(state, 'distinct()')
  const list = sql.join(
    outputs.map((output) => output.sql),
    sql`, `,
  )
  const where = whereSql(conditionsOf(state), context)
  const order = orderSql(state, context)
  const grouped = groupSql(state, context)
  const lock = state.lock ? context.dialect.lock(state.lock, from.hasJoins ? from.alias : undefined) : sql``
  return sql`select ${sql.raw(state.distinct ? 'distinct ' : '')}${list} from ${from.toSql()}${where}${grouped}${order}${limit}${lock}`
}

function groupSql({ groupBy, having }: QueryState, context: SqlContext): Sql {
  const grouped =
    groupBy && groupBy.length > 0
      ? sql` group by ${sql.join(
          groupBy.map((node) => context.sql(node)),
          sql`, `,
        )}`
      : sql``
  if (having.length === 0) return grouped
  return sql`${grouped} having ${sql.join(
    having.map((node) => context.condition(node)),
    sql` and `,
  )}`
}
