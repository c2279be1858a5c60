import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Subquery } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { outputsOf } from './outputs.ts'
import { selectSql } from './select.ts'

/**
 * A query as a value or a list of values: it selects one column.
 * @param present leaves NULL out, with which `not in` would find nothing
 */
export function valueQuerySql(query: Subquery, context: SqlContext, present = false): Sql {
  const { statement, width } = queryIn(query, context, present)
  if (width !== 1)
    throw new InvalidQueryError(`A query that stands for values selects one column, this one has ${width}. Add select('id') or the like.`)
  return statement
}

/** A query of which only counts whether it has a row. */
export function existsSql(query: Subquery, context: SqlContext): Sql {
  const state = query.state()
  const inner = context.nested(state.slots, context.slotOf(query))
  const from = inner.from(rootOf(state.meta))
  return sql`exists (${selectSql({ ...state, orderBy: [] }, from, [{ sql: sql.lit(1), type: { type: 'int', nullable: false } }], inner)})`
}

function queryIn(query: Subquery, context: SqlContext, present: boolean): { statement: Sql; width: number } {
  const state = query.state()
  const [only] = state.selection ?? []
  if (present && only) state.where.push({ kind: 'null', of: only.node, negated: true })
  const inner = context.nested(state.slots, context.slotOf(query))
  const from = inner.from(rootOf(state.meta))
  const outputs = outputsOf(state, from, inner)
  return { statement: sql`(${selectSql(state, from, outputs, inner)})`, width: outputs.length }
}
