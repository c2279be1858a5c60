import {
  createQueryId,
  type Expression,
  type OperationNode,
  OperationNodeTransformer,
  PostgresQueryCompiler,
  type PrimitiveValueListNode,
  type RootOperationNode,
  sql,
  type ValueNode,
} from 'kysely'
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
  const operation = node.sql.toOperationNode() as RootOperationNode
  const marks: Mark[] = []
  const marked = new Values(() => addMark(marks)).transformNode(operation)
  // Compilers write some parts before others that stand before them in the tree; all engines' in the same order.
  const { parameters } = new PostgresQueryCompiler().compileQuery(marked, createQueryId())
  const slots = marks.map((mark) => context.slotOf(node) + parameters.indexOf(mark))
  let next = 0
  const written = new Values(() => new Param(slots[next++] ?? 0)).transformNode(operation)
  return sql`(${new OperationNodeExpression(written)})`
}

/** Stands for one value while the order of all is found out. */
type Mark = Readonly<Record<string, never>>

function addMark(marks: Mark[]): Mark {
  const mark: Mark = {}
  marks.push(mark)
  return mark
}

/** Replaces the values of a kysely expression. */
class Values extends OperationNodeTransformer {
  readonly #replacement: () => unknown

  constructor(replacement: () => unknown) {
    super()
    this.#replacement = replacement
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return node.immediate ? node : { ...node, value: this.#replacement() }
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(() => this.#replacement()) }
  }
}

/** An operation node where kysely takes an expression. */
class OperationNodeExpression implements Expression<unknown> {
  readonly #node: OperationNode

  constructor(node: OperationNode) {
    this.#node = node
  }

  get expressionType(): undefined {
    return undefined
  }

  toOperationNode(): OperationNode {
    return this.#node
  }
}
