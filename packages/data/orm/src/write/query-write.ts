import { sql } from 'kysely'
import type { Database, MaybePromise } from '@covet/db'
import { tablesDeletedWith } from '../cache/written-tables.ts'
import { InvalidQueryError, UnfilteredWriteError } from '../errors.ts'
import type { Node } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import { chained } from '../maybe.ts'
import type { Chain } from '../query/chain.ts'
import { deletedOp } from '../query/ops.ts'
import { planOf, writeCompiled } from '../query/run.ts'
import type { QueryState } from '../query/state.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import { assignedSql } from '../sql/enum-types.ts'
import { columnOutputs } from '../sql/outputs.ts'
import { conditionsOf, openFrom, selectSql, whereSql } from '../sql/select.ts'
import { inReadingOrder, type WrittenAssignment } from './assignment-order.ts'
import { assignedIn, type Assignment, assignmentsOf, AssignOp, type CompiledAssignment } from './assignments.ts'
import { now } from './clock.ts'
import { isDirect, ownConditions } from './own-conditions.ts'
import { sendUpdate } from './send-update.ts'
import { castSql } from './sql-text.ts'
import { updateAgain } from './update-again.ts'
import { deletionMark, writerOf } from './writer.ts'

/** Writes values into all rows of a query, past the hooks. @returns how many */
export function updateQuery(chain: Chain, values: unknown, database: Database): MaybePromise<number> {
  const writer = writerOf(chain.meta, database)
  return updateAgain(writer, chain, values, database) ?? runUpdate(chain, assignmentsOf(writer, values), 'update', database)
}

/** Deletes all rows of a query, softly where the model does. */
export function deleteQuery(chain: Chain, database: Database): MaybePromise<number> {
  const { deletedAt } = writerOf(chain.meta, database)
  return deletedAt ? runUpdate(chain, markAssignments(chain, database, now()), 'delete', database) : forceDeleteQuery(chain, database)
}

export function forceDeleteQuery(chain: Chain, database: Database): MaybePromise<number> {
  const values = chain.values()
  const plan = planOf('delete', chain, database, values, (state, context) => compileDelete(state, context, database))
  return chained(
    writeCompiled(plan, values, chain, database, () => tablesDeletedWith(chain.meta, database)),
    ({ changes }) => changes,
  )
}

/** Undoes the soft deletion of all rows of a query. */
export function restoreQuery(chain: Chain, database: Database): MaybePromise<number> {
  return runUpdate(chain.add(deletedOp('only')), markAssignments(chain, database, null), 'update', database)
}

function markAssignments({ meta }: Chain, database: Database, mark: Date | null): readonly Assignment[] {
  const writer = writerOf(meta, database)
  return assignmentsOf(writer, { [deletionMark(writer).property]: mark })
}

function runUpdate(
  chain: Chain,
  assignments: readonly Assignment[],
  operation: 'update' | 'delete',
  database: Database,
): MaybePromise<number> {
  const whole = chain.add(new AssignOp(assignments))
  const values = whole.values()
  const plan = planOf(operation, whole, database, values, (state, context) => compileUpdate(state, context, operation, database))
  return sendUpdate(plan, values, whole, assignments, database)
}

function compileUpdate(state: QueryState, context: SqlContext, operation: 'update' | 'delete', database: Database): Compiled {
  assertFiltered(state, operation)
  const { meta } = state
  const target = context.fromUnaliased(rootOf(meta))
  // MariaDB takes no WITH before UPDATE; that of the condition stands inside of it.
  const values = context.inPlace()
  const assigned = assignedIn(state.notes)
  const asGiven = context.dialect.name === 'sqlite' && isOfPlainValues(state, assigned)
  const written = assigned.map(({ column, node }): WrittenAssignment => {
    const [value, reads] = target.readsOf(() => assignedSql(node, column.field, values))
    return { column, value: asGiven ? castSql(value, column.cast) : value, reads }
  })
  const ordered = context.dialect.name === 'mysql' ? inReadingOrder(meta.name, written) : written
  const set = sql.join(
    ordered.map(({ column, value }) => sql`${sql.id(column.name)} = ${value}`),
    sql`, `,
  )
  if (target.hasJoins)
    throw new InvalidQueryError(`${meta.name}.update() takes values from the row itself; those of a related row need a query of their own.`)
  const compiled = compileSql(sql`update ${sql.table(meta.table)} set ${set}${matching(state, context)}`, context, database)
  return asGiven ? { ...compiled, valuesAsGiven: true } : compiled
}

/** Whether all that an UPDATE is given are values of columns, of rows found by their keys: those the text can cast (see `givenSql`). */
function isOfPlainValues(state: QueryState, assigned: readonly CompiledAssignment[]): boolean {
  const isKey = (node: Node): boolean =>
    node.kind === 'compare' && node.left.kind === 'column' && node.left.column.field.type === 'id' && node.right.kind === 'value'
  return assigned.every(({ node }) => node.kind === 'value') && isDirect(state) && conditionsOf(state).every(isKey)
}

function compileDelete(state: QueryState, context: SqlContext, database: Database): Compiled {
  assertFiltered(state, 'delete')
  const { meta } = state
  context.fromUnaliased(rootOf(meta))
  return compileSql(sql`delete from ${sql.table(meta.table)}${matching(state, context)}`, context, database)
}

/**
 * The condition for the rows of the query. What needs other tables, an order or a limit is a subquery for their keys; of
 * two such writes at once the one that had to wait leaves out what the other took.
 */
function matching(state: QueryState, context: SqlContext): Sql {
  if (isDirect(state)) return whereSql(conditionsOf(state), context)
  return sql` where ${sql.join(foundIn(state, context), sql` and `)}`
}

/** The same for a statement that has conditions of its own beside them. */
export function matchingConditions(state: QueryState, context: SqlContext): readonly Sql[] {
  return isDirect(state) ? conditionsOf(state).map((node) => context.condition(node)) : foundIn(state, context)
}

function foundIn(state: QueryState, context: SqlContext): readonly Sql[] {
  const { meta } = state
  const inner = context.beside()
  const from = openFrom(state, inner)
  const keys = inner.whole(selectSql({ ...state, distinct: false }, from, columnOutputs(from, meta.primaryKey), inner))
  // MySQL refuses to read the table it writes, unless the rows were read before.
  const read = context.dialect.name === 'mysql' ? sql`select * from (${keys}) as ${sql.id('matched')}` : keys
  const own = sql.join(
    meta.primaryKey.map(({ column }) => sql.id(meta.table, column)),
    sql`, `,
  )
  const found = sql`${meta.primaryKey.length === 1 ? own : sql`(${own})`} in (${read})`
  // On SQLite, where nobody writes in between, they would only turn the planner from the keys to another index.
  const again = context.dialect.name === 'sqlite' ? [] : ownConditions(state, context)
  return [found, ...again]
}

/** @throws {UnfilteredWriteError} when no condition leaves anything out */
function assertFiltered({ meta, where, limit, unfiltered, combined }: QueryState, operation: 'update' | 'delete'): void {
  if (unfiltered || limit !== undefined || where.some((node) => constantOf(node) !== true)) return
  if (combined?.operator === 'shared') assertFiltered(combined.left, operation)
  else throw new UnfilteredWriteError(meta.name, operation)
}

/** What a condition is whatever the row: `where({})` and `not(in([]))` are conditions only by their looks. */
function constantOf(node: Node): boolean | undefined {
  if (node.kind === 'boolean') return node.value
  if (node.kind === 'not') {
    const of = constantOf(node.of)
    return of === undefined ? undefined : !of
  }
  if (node.kind !== 'logic') return undefined
  const parts = node.parts.map(constantOf)
  // One false decides an `and`, one true an `or`; without them all parts must be known.
  const deciding = node.op === 'or'
  if (parts.includes(deciding)) return deciding
  return parts.includes(undefined) ? undefined : !deciding
}
