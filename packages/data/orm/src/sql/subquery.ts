import { sql } from 'kysely'
import { assertSelectionOpen } from '../crypto/assert-open.ts'
import { InvalidQueryError } from '../errors.ts'
import type { Subquery } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { asText } from './enum-types.ts'
import { outputsOf } from './outputs.ts'
import { openFrom, selectSql } from './select.ts'

export interface ValuesOptions {
  /** NULL is left out, with which `not in` would find nothing. */
  readonly present?: boolean
  /** Values of an enum type are text. */
  readonly isText?: boolean
}

/** A query as a value or a list of values: it selects one column. */
export function valueQuerySql(query: Subquery, context: SqlContext, options: ValuesOptions = {}): Sql {
  const { statement, width } = queryIn(query, context, options)
  if (width !== 1)
    throw new InvalidQueryError(`A query that stands for values selects one column, this one has ${width}. Add select('id') or the like.`)
  return statement
}

/** A query of which only counts whether it has a row. */
export function existsSql(query: Subquery, context: SqlContext): Sql {
  const state = query.state()
  const inner = context.nested(state, context.slotOf(query))
  const from = openFrom(state, inner)
  return sql`exists (${selectSql({ ...state, orderBy: [] }, from, [{ sql: sql.lit(1), type: { type: 'int', nullable: false } }], inner)})`
}

function queryIn(query: Subquery, context: SqlContext, { present, isText }: ValuesOptions): { statement: Sql; width: number } {
  const state = query.state()
  assertSelectionOpen(state, 'a subquery')
  const inner = context.nested(state, context.slotOf(query))
  const from = openFrom(state, inner)
  const selected = outputsOf(state, from, inner)
  const outputs = isText ? selected.map(({ sql: written, type }) => ({ sql: asText(written, type, inner), type })) : selected
  const width = outputs.length
  if (!present || width !== 1) return { statement: sql`(${selectSql(state, from, outputs, inner)})`, width }
  const [name, rows] = [sql.id('value'), sql.id(context.alias())]
  const named = outputs.map((output) => ({ ...output, sql: sql`${output.sql} as ${name}` }))
  return { statement: sql`(select ${name} from (${selectSql(state, from, named, inner)}) as ${rows} where ${name} is not null)`, width }
}
