import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { aggregateOver } from './aggregate.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { orderingSql } from './ordering.ts'

/** `sum(…) over (partition by … order by … rows between …)` */
export function windowSql({ of, window }: Extract<Node, { kind: 'window' }>, context: SqlContext): Sql {
  const { partitionBy, orderBy, frame } = window
  const parts: Sql[] = []
  if (partitionBy.length > 0) parts.push(sql`partition by ${listSql(partitionBy, context)}`)
  if (orderBy.length > 0) parts.push(sql`order by ${orderingSql(orderBy, context)}`)
  // Checked word by word when the window was made.
  if (frame !== undefined) parts.push(sql.raw(frame))
  const over = parts.length === 0 ? sql`` : sql.join(parts, sql` `)
  return of.kind === 'aggregate' ? aggregateOver(of, over, context) : sql`${context.sql(of)} over (${over})`
}

function listSql(nodes: readonly Node[], context: SqlContext): Sql {
  return sql.join(
    nodes.map((node) => context.sql(node)),
    sql`, `,
  )
}
