import type { Declaration } from '../meta/declaration.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

/** The foreign keys of each model that a `hasOne` of another one is the other side of: without a constraint there could be two rows. */
export function uniqueForeignKeys(metas: readonly ModelMeta[]): ReadonlyMap<Declaration, readonly (readonly ColumnMeta[])[]> {
  const keys = new Map<Declaration, (readonly ColumnMeta[])[]>()
  for (const meta of metas) {
    for (const name of meta.relationNames) {
      if (meta.declaration.shape[name]?.kind !== 'hasOne') continue
      const { target, foreign, typeColumn } = meta.relation(name)
      if (isWaived(target, foreign)) continue
      const columns = typeColumn ? [typeColumn, ...foreign] : foreign
      const known = keys.get(target.declaration) ?? []
      if (!known.some((other) => isSame(other, columns))) keys.set(target.declaration, [...known, columns])
    }
  }
  return keys
}

/** The belongsTo says `unique: false`. */
function isWaived(target: ModelMeta, foreign: readonly ColumnMeta[]): boolean {
  const relation = foreign[0]?.relation
  const member = relation === undefined ? undefined : target.declaration.shape[relation]
  return member !== undefined && member.kind !== 'field' && member.definition.unique === false
}

function isSame(left: readonly ColumnMeta[], right: readonly ColumnMeta[]): boolean {
  return left.length === right.length && left.every((column, index) => column.column === right[index]?.column)
}
