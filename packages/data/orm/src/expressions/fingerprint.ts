import type { Node, Ordering, Subquery, Window } from './node.ts'
import type { ValueSink } from './value-sink.ts'

/**
 * The structure of an expression as text, and its values in the order in which the compiler will meet them. What is in
 * the text is never a value: two expressions of one text differ in values alone.
 */
export function fingerprint(node: Node, sink: ValueSink): string {
  switch (node.kind) {
    case 'column':
      return `${node.source.key}.${node.column.property}`
    case 'value':
      sink.add(node, node.value)
      return node.value === null ? 'null' : `?${node.type.type}${node.type.scale ?? ''}`
    case 'compare':
      return `(${fingerprint(node.left, sink)}${node.op}${fingerprint(node.right, sink)})`
    case 'null':
      return `(${fingerprint(node.of, sink)} is${node.negated ? ' not' : ''} null)`
    case 'in': {
      const of = fingerprint(node.of, sink)
      sink.add(node, node.values)
      return `(${of}${node.negated ? ' not' : ''} in ?)`
    }
    case 'inQuery':
      return `(${fingerprint(node.of, sink)}${node.negated ? ' not' : ''} in ${subquery(node.query, sink)})`
    case 'between':
      return `(${fingerprint(node.of, sink)} between ${fingerprint(node.from, sink)} and ${fingerprint(node.to, sink)})`
    case 'like':
      return `(${fingerprint(node.of, sink)}${node.insensitive ? ' i' : ' '}like ${fingerprint(node.pattern, sink)})`
    case 'match': {
      const of = fingerprint(node.of, sink)
      sink.add(node, node.text)
      return `(${of} ${node.insensitive ? 'i' : ''}${node.how} ?)`
    }
    default:
      return compound(node, sink)
  }
}

type Compound = Exclude<Node, { kind: 'column' | 'value' | 'compare' | 'null' | 'in' | 'inQuery' | 'between' | 'like' | 'match' }>

function compound(node: Compound, sink: ValueSink): string {
  switch (node.kind) {
    case 'logic':
      return `(${node.parts.map((part) => fingerprint(part, sink)).join(` ${node.op} `)})`
    case 'not':
      return `not ${fingerprint(node.of, sink)}`
    case 'boolean':
    case 'number':
      return String(node.value)
    case 'any':
      return `any ${node.source.key}(${node.where ? fingerprint(node.where, sink) : ''})`
    case 'through': {
      const { table, ownerColumns, targetColumns } = node.junction
      return `through ${node.source.key} ${table} ${ownerColumns.join()} ${targetColumns.join()}(${node.key.map((part) => fingerprint(part, sink)).join()})`
    }
    case 'exists':
      return `exists ${subquery(node.query, sink)}`
    case 'recursive':
      return `recursive ${node.source.key} ${node.depth ?? ''}${subquery(node.from, sink)}`
    case 'subquery':
      return subquery(node.query, sink)
    case 'call':
      return `${node.name}(${node.args.map((arg) => fingerprint(arg, sink)).join(',')})`
    case 'aggregate': {
      const of = node.of ? fingerprint(node.of, sink) : '*'
      const where = node.where ? ` where ${fingerprint(node.where, sink)}` : ''
      return `${node.fn}(${node.distinct ? 'distinct ' : ''}${of}${where}${node.over ? ` over ${node.over.key}` : ''})`
    }
    case 'window':
      return `${fingerprint(node.of, sink)} over (${windowed(node.window, sink)})`
    case 'case':
      return `case ${node.branches.map(({ when, value }) => `${fingerprint(when, sink)}:${fingerprint(value, sink)}`).join(';')} else ${node.otherwise ? fingerprint(node.otherwise, sink) : ''}`
    case 'json':
      return `${fingerprint(node.of, sink)}->${JSON.stringify(node.path)}:${node.type.type}`
    case 'raw':
      return `raw ${JSON.stringify(node.strings)}(${node.parts.map((part) => fingerprint(part, sink)).join(',')})`
    case 'sql':
      sink.addAll(node, node.values)
      return `sql ${JSON.stringify(node.text)}`
  }
}

function windowed({ partitionBy, orderBy, frame = '' }: Window, sink: ValueSink): string {
  return `${partitionBy.map((node) => fingerprint(node, sink)).join(',')} by ${orderings(orderBy, sink)} ${frame}`
}

export function orderings(orderBy: readonly Ordering[], sink: ValueSink): string {
  return orderBy.map(({ by, direction, nulls }) => `${fingerprint(by, sink)} ${direction} ${nulls}`).join(',')
}

function subquery(query: Subquery, sink: ValueSink): string {
  sink.addAll(query, query.values)
  return `(${query.token})`
}
