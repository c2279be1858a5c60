import { EncryptedFieldError } from '../crypto/errors.ts'
import { isSealed } from '../crypto/assert-open.ts'
import type { Node, Ordering, Subquery, Window } from './node.ts'
import type { Source } from './source.ts'
import type { ValueSink } from './value-sink.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>
type Tokens = { readonly [Kind in Node['kind']]: (node: Of<Kind>, sink: ValueSink) => string }

const tokens: Tokens = {
  column: (node, sink) => {
    if (isSealed(node)) throw new EncryptedFieldError(`${node.source.meta.name}.${node.column.property}`)
    return nameOf(node, sink)
  },
  value: (node, sink) => {
    sink.add(node, node.value)
    const { type, precision = '', scale = '' } = node.type
    return node.value === null ? 'null' : `?${type}${precision}.${scale}`
  },
  number: ({ value }) => String(value),
  boolean: ({ value }) => String(value),
  compare: ({ left, op, right }, sink) => `(${fingerprint(left, sink)}${op}${fingerprint(right, sink)})`,
  null: ({ of, negated }, sink) => `(${outputFingerprint(of, sink)} is${negated ? ' not' : ''} null)`,
  in: (node, sink) => {
    const of = fingerprint(node.of, sink)
    sink.add(node, node.values)
    return `(${of}${node.negated ? ' not' : ''} in ?)`
  },
  keys: (node, sink) => {
    const of = list(node.of, sink)
    sink.add(node, node.keys)
    return `(${of} in keys)`
  },
  inQuery: ({ of, query, negated }, sink) => `(${fingerprint(of, sink)}${negated ? ' not' : ''} in ${subquery(query, sink)})`,
  between: ({ of, from, to }, sink) => `(${list([of, from, to], sink)} between)`,
  like: ({ of, pattern, insensitive }, sink) => `(${list([of, pattern], sink)} ${insensitive ? 'i' : ''}like)`,
  match: (node, sink) => {
    const of = fingerprint(node.of, sink)
    sink.add(node, node.text)
    return `(${of} ${node.insensitive ? 'i' : ''}${node.how} ?)`
  },
  logic: ({ op, parts }, sink) => `(${op} ${list(parts, sink)})`,
  not: ({ of }, sink) => `not ${fingerprint(of, sink)}`,
  any: ({ source, where }, sink) => `any ${pathOf(source, sink)}(${optional(where, sink)})`,
  through: ({ source, key, junction: { table, ownerColumns, targetColumns } }, sink) =>
    `through ${source.key} ${table} ${ownerColumns.join()} ${targetColumns.join()}(${list(key, sink)})`,
  exists: ({ query }, sink) => `exists ${subquery(query, sink)}`,
  subquery: ({ query }, sink) => subquery(query, sink),
  recursive: ({ source, depth = '', from }, sink) => `recursive ${source.key} ${depth}${subquery(from, sink)}`,
  aggregate: ({ fn, distinct, of, where, over }, sink) =>
    `${fn}(${distinct ? 'distinct ' : ''}${aggregated(fn === 'count' && !distinct, of, sink)} where ${optional(where, sink)} over ${over ? pathOf(over, sink) : ''})`,
  window: ({ of, window }, sink) => `${fingerprint(of, sink)} over (${windowed(window, sink)})`,
  call: ({ name, args }, sink) => `${name}(${list(args, sink)})`,
  case: ({ branches, otherwise }, sink) =>
    `case ${branches.map(({ when, value }) => list([when, value], sink)).join(';')} else ${optional(otherwise, sink)}`,
  json: ({ of, path, type }, sink) => `${fingerprint(of, sink)}->${JSON.stringify(path)}:${type.type}`,
  raw: ({ strings, parts }, sink) => `raw ${JSON.stringify(strings)}(${list(parts, sink)})`,
  sql: (node, sink) => {
    sink.addAll(node, node.values)
    return `sql ${JSON.stringify(node.text)}`
  },
}

/** The same where an encrypted column may stand by itself: it is read, or asked whether it is there. */
export function outputFingerprint(node: Node, sink: ValueSink): string {
  return node.kind === 'column' ? nameOf(node, sink) : fingerprint(node, sink)
}

/**
 * The structure of an expression as text, and its values in the order in which the compiler will meet them. What is in
 * the text is never a value: two expressions of one text differ in values alone.
 * @throws {EncryptedFieldError} for an encrypted column in it of which more is asked than whether it is null
 */
export function fingerprint(node: Node, sink: ValueSink): string {
  // The table has an entry for exactly this kind of node, which the compiler cannot follow through the lookup.
  return (tokens[node.kind] as (node: Node, sink: ValueSink) => string)(node, sink)
}

export function orderings(orderBy: readonly Ordering[], sink: ValueSink): string {
  return orderBy.map(({ by, direction, nulls }) => `${fingerprint(by, sink)} ${direction} ${nulls}`).join()
}

function windowed({ partitionBy, orderBy, frame = '' }: Window, sink: ValueSink): string {
  return `${list(partitionBy, sink)} by ${orderings(orderBy, sink)} ${frame}`
}

function list(nodes: readonly Node[], sink: ValueSink): string {
  return nodes.map((node) => fingerprint(node, sink)).join()
}

function nameOf({ source, column }: Of<'column'>, sink: ValueSink): string {
  return `${pathOf(source, sink)}.${column.property}`
}

function pathOf({ key, scoped }: Source, sink: ValueSink): string {
  if (scoped) sink.reach(scoped)
  return key
}

function aggregated(counts: boolean, of: Node | undefined, sink: ValueSink): string {
  return counts && of ? outputFingerprint(of, sink) : optional(of, sink)
}

function optional(node: Node | undefined, sink: ValueSink): string {
  return node ? fingerprint(node, sink) : ''
}

function subquery(query: Subquery, sink: ValueSink): string {
  sink.addAll(query, query.values)
  return `(${query.token})`
}
