import { OperationNodeTransformer, type PrimitiveValueListNode, sql, type ValueNode } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { typedSql } from './call.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { Param } from './param.ts'

/** A template of the user's own SQL. */
export function rawSql({ strings, parts }: Extract<Node, { kind: 'raw' }>, context: SqlContext): Sql {
  const pieces = strings.flatMap((text, index) => {
    const part = parts[index]
    return part ? [sql.raw(text), typedSql(part, context)] : [sql.raw(text)]
  })
  return sql.join(pieces, sql``)
}

/** An expression made with kysely: its values become slots, so that the text can be used again. */
export function embeddedSql(node: Extract<Node, { kind: 'sql' }>, context: SqlContext): Sql {
  const transformed = new ValueSlots(context.slotOf(node)).transformNode(node.sql.toOperationNode())
  return sql`(${
    {
      get expressionType() {
        return undefined
      },
      get isRawBuilder() {
        return true
      },
      toOperationNode: () => transformed,
    } as unknown as Sql
  })`
}

/** Replaces the values of a kysely expression by their slots, in the order in which its compilers meet them. */
class ValueSlots extends OperationNodeTransformer {
  #next: number

  constructor(first: number) {
    super()
    this.#next = first
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return node.immediate ? node : { ...node, value: this.#take() }
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(() => this.#take()) }
  }

  #take(): Param {
    const param = new Param(this.#next)
    this.#next += 1
    return param
  }
}
