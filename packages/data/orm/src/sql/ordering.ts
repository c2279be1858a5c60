import { sql } from 'kysely'
import type { Node, Ordering } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import { needOrder } from './decimals.ts'
import type { Sql } from './dialect.ts'

/** What stands behind ORDER BY. */
export function orderingSql(orderBy: readonly Ordering[], context: SqlContext): Sql {
  return sql.join(
    orderBy.map(({ by, direction, nulls }) => {
      needOrder(by, 'ordered by', context)
      return context.dialect.orderBy(context.operand(by), direction, nulls, mayBeNull(by))
    }),
    sql`, `,
  )
}

function mayBeNull(node: Node): boolean {
  return node.kind !== 'column' || node.column.field.nullable || node.source.parent !== undefined
}
