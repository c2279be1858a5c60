import type { Node } from '../expressions/node.ts'
import { equal, valueNode } from '../expressions/parts.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

export type KeyValues = readonly unknown[]

/** The condition that a row has one of the primary keys. */
export function keysNode(meta: ModelMeta, keys: readonly KeyValues[]): Node {
  return anyNode(meta, meta.primaryKey, keys)
}

/** That the columns of a row are one of these keys. */
export function anyNode(meta: ModelMeta, columns: readonly ColumnMeta[], keys: readonly KeyValues[]): Node {
  const [only, second] = columns
  if (keys.length === 0) return { kind: 'boolean', value: false }
  if (!only || second) return { kind: 'logic', op: 'or', parts: keys.map((key) => equalNode(meta, columns, key)) }
  const of: Node = { kind: 'column', source: rootOf(meta), column: only }
  return { kind: 'in', of, values: keys.map(([value]) => value), type: only.field, negated: false }
}

/** That the columns of a row are these values. */
export function equalNode(meta: ModelMeta, columns: readonly ColumnMeta[], key: KeyValues): Node {
  const source = rootOf(meta)
  const parts = columns.map((column, index) => equal({ kind: 'column', source, column }, valueNode(key[index], column.field)))
  return { kind: 'logic', op: 'and', parts }
}
