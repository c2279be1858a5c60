import type { Node, Subquery, ValueType } from './node.ts'

/** What the values of an expression are; undefined of a fragment of SQL, which only its author knows. */
export function typeOfNode(node: Node): ValueType | undefined {
  switch (node.kind) {
    case 'column':
      return node.column.field
    case 'subquery':
      return typeOfQuery(node.query)
    case 'window':
      return typeOfNode(node.of)
    case 'case':
      return typeOfCase(node)
    case 'value':
    case 'call':
    case 'aggregate':
    case 'json':
      return node.type
    default:
      return undefined
  }
}

/** What a query of one column selects. */
function typeOfQuery(query: Subquery): ValueType | undefined {
  const { selection = [], columns = [] } = query.state()
  return selection.length === 1 ? selection[0]?.type : columns.length === 1 ? columns[0]?.field : undefined
}

function typeOfCase({ branches, otherwise }: Extract<Node, { kind: 'case' }>): ValueType | undefined {
  const [first, ...rest] = [...branches.map(({ value }) => value), ...(otherwise ? [otherwise] : [])]
  const type = first && typeOfNode(first)
  return type && chosenType(type, rest)
}

/** What a choice is whose first value has this type: text, unless all are of the enum type of PostgreSQL that the first is of. */
export function chosenType(type: ValueType, others: readonly Node[]): ValueType {
  if (type.native === undefined || others.every((other) => isSameNative(type, typeOfNode(other) ?? type))) return type
  const { native: _, ...text } = type
  return text
}

/** Whether two values are of one enum type of PostgreSQL, or neither is of any. */
export function isSameNative({ native: left }: ValueType, { native: right }: ValueType): boolean {
  return left?.name === right?.name && left?.schema === right?.schema
}
