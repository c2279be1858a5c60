import type { Node, ValueType } from './node.ts'
import type { Source } from './source.ts'

/** An expression and what its values are: what the makers of nodes know of the expressions they are given. */
export class TypedNode {
  readonly node: Node
  readonly type: ValueType
  /** The rows of a to-many relation it is a column of: only an aggregate makes one value of it. */
  readonly rows: Source | undefined

  constructor(node: Node, type: ValueType, rows?: Source) {
    this.node = node
    this.type = type
    this.rows = rows
  }
}
