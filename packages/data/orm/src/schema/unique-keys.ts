import type { Database } from '@covet/db'
import { modelsOf } from '../binding.ts'
import type { Declaration } from '../meta/declaration.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { uniqueForeignKeys } from './one-to-one.ts'

export type Key = readonly ColumnMeta[]

/**
 * Every key of a model that one row has alone: the primary one first, and each once.
 * @param oneToOne foreign keys that are unique because a relation of another model leads to one row
 */
export function uniqueKeys(meta: ModelMeta, oneToOne: readonly Key[]): readonly Key[] {
  const keys = [
    meta.primaryKey,
    ...meta.columns.filter(({ field }) => field.unique).map((column) => [column]),
    ...(meta.declaration.options.unique ?? []).map((properties) => properties.map((property) => meta.column(property))),
    ...oneToOne,
  ]
  return keys.filter((key, index) => keys.findIndex((other) => isSame(other, key)) === index)
}

/** The same, of a model as the others that the database is bound to lead to it. */
export function uniqueKeysIn(database: Database, meta: ModelMeta): readonly Key[] {
  return uniqueKeys(meta, oneToOneKeys(modelsOf(database)).get(meta.declaration) ?? [])
}

const known = new WeakMap<object, ReadonlyMap<Declaration, readonly Key[]>>()

/** @param metas another set once another model is bound */
function oneToOneKeys(metas: ReadonlySet<ModelMeta>): ReadonlyMap<Declaration, readonly Key[]> {
  const keys = known.get(metas) ?? uniqueForeignKeys([...metas])
  known.set(metas, keys)
  return keys
}

function isSame(left: Key, right: Key): boolean {
  return left.length === right.length && left.every(({ column }, index) => column === right[index]?.column)
}
