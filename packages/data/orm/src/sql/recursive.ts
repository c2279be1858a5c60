import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node } from '../expressions/node.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import { isBounded } from '../query/state.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { keptRows, relatedRows } from './related-rows.ts'
import { From } from './from.ts'
import { columnOutputs } from './outputs.ts'
import { openFrom, selectSql } from './select.ts'

/** The key is among those that a recursive common table expression (SQL:1999) collects: `union` ends at a circle. */
export function recursiveSql({ source, from: query, depth, unscoped }: Extract<Node, { kind: 'recursive' }>, context: SqlContext): Sql {
  const { parent, relation, meta } = source
  if (!parent || !relation) throw new InvalidQueryError('recursive() follows a relation.')
  const columns = [...new Set<ColumnMeta>([...meta.primaryKey, ...relation.local])]
  const name = context.alias()
  const tree = new From(meta, name)
  const steps = sql.id(name, 'depth')
  const names = [...columns.map(({ column }) => sql.id(column)), ...(depth === undefined ? [] : [sql.id('depth')])]
  const anchor = anchorSql(query, columns, depth, context)
  const step = new From(meta, context.alias())
  const { from, on } = relatedRows(tree, step, source, context, unscoped ? allRows : keptRows)
  const reached = [...columns.map((column) => step.column(column)), ...(depth === undefined ? [] : [sql`${steps} + 1`])]
  const bounded = depth === undefined ? sql`` : sql` and ${steps} < ${sql.lit(depth)}`
  const walk = sql`select ${sql.join(reached, sql`, `)} from ${sql.id(name)}, ${from()} where ${on}${bounded}`
  const outer = context.rows(parent)
  const equal = meta.primaryKey.map((column) => sql`${tree.column(column)} = ${outer.column(column)}`)
  const [key, second] = meta.primaryKey
  const expression = sql`with recursive ${sql.id(name)}(${sql.join(names, sql`, `)}) as (${anchor} union ${walk})`
  if (key && !second) return sql`${outer.column(key)} in (${expression} select ${tree.column(key)} from ${sql.id(name)})`
  return sql`exists (${expression} select 1 from ${sql.id(name)} where ${sql.join(equal, sql` and `)})`
}

/** Those of a walk are rows of the query itself, which leaves out none when it is unscoped. */
function allRows(): readonly Sql[] {
  return []
}

function anchorSql(
  query: Extract<Node, { kind: 'recursive' }>['from'],
  columns: readonly ColumnMeta[],
  depth: number | undefined,
  context: SqlContext,
): Sql {
  // In WITH RECURSIVE, MariaDB finds no names of the WITH around it.
  const { state, context: inner } = context.inPlace().besideQuery(query)
  const rows = openFrom(state, inner)
  const outputs = columnOutputs(rows, columns)
  const counted = depth === undefined ? outputs : [...outputs, { sql: sql.lit(0), type: { type: 'int', nullable: false } as const }]
  const select = selectSql(state, rows, counted, inner)
  return isBounded(state) || state.orderBy.length > 0 ? sql`select * from (${select}) as ${sql.id(context.alias())}` : select
}
