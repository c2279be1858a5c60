import { sql } from 'kysely'
import type { Node, Ordering } from '../expressions/node.ts'
import { aggregateOver } from './aggregate.ts'
import { typedSql } from './call.ts'
import type { SqlContext } from './context.ts'
import { needAlike, needOrder } from './decimals.ts'
import type { Sql } from './dialect.ts'

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

export function caseSql({ branches, otherwise }: Extract<Node, { kind: 'case' }>, context: SqlContext): Sql {
  needAlike([...branches.map(({ value }) => value), ...(otherwise ? [otherwise] : [])], 'caseWhen()', context)
  const choices = branches.map(({ when, value }) => sql` when ${context.condition(when)} then ${typedSql(value, context)}`)
  return sql`case${sql.join(choices, sql``)}${otherwise ? sql` else ${typedSql(otherwise, context)}` : sql``} end`
}

export function orderingSql(orderBy: readonly Ordering[], context: SqlContext): Sql {
  return sql.join(
    orderBy.map(({ by, direction, nulls }) => {
      needOrder(by, 'ordered by', context)
      return context.dialect.orderBy(context.sql(by), direction, nulls, mayBeNull(by))
    }),
    sql`, `,
  )
}

function listSql(nodes: readonly Node[], context: SqlContext): Sql {
  return sql.join(
    nodes.map((node) => context.sql(node)),
    sql`, `,
  )
}

function mayBeNull(node: Node): boolean {
  return node.kind !== 'column' || node.column.field.nullable || node.source.parent !== undefined
}
