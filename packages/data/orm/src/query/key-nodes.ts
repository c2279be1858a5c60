import type { Node } from '../expressions/node.ts'
import { equal, valueNode } from '../expressions/parts.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

export type KeyValues = readonly unknown[]

/** The condition that a row has one of the primary keys. */
export function keysNode(meta: ModelMeta, keys: readonly KeyValues[]): Node {
  return anyNode(meta, meta.primaryKey, keys)
}

/**
 * That the columns of a row are one of these keys: one text for any number of them. One composite key alone is compared
 * column by column, since of `(a, b) in ((?, ?))` MariaDB looks at every row of the table, and locks it.
 */
export function anyNode(meta: ModelMeta, columns: readonly ColumnMeta[], keys: readonly KeyValues[]): Node {
  const [only, second] = columns
  const source = rootOf(meta)
  if (keys.length === 0) return { kind: 'boolean', value: false }
  if (only && !second) {
    const of: Node = { kind: 'column', source, column: only }
    return { kind: 'in', of, values: keys.map(([value]) => value), type: only.field, negated: false }
  }
  if (keys.length === 1) return { kind: 'logic', op: 'or', parts: keys.map((key) => equalNode(meta, columns, key)) }
  const of = columns.map((column): Node => ({ kind: 'column', source, column }))
  return { kind: 'keys', of, keys, types: columns.map(({ field }) => field) }
}

/** That the columns of a row are these values. */
export function equalNode(meta: ModelMeta, columns: readonly ColumnMeta[], key: KeyValues): Node {
  const source = rootOf(meta)
  const parts = columns.map((column, index) => equal({ kind: 'column', source, column }, valueNode(key[index], column.field)))
  return { kind: 'logic', op: 'and', parts }
}
