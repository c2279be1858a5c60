import { type Column, constraintName, type ForeignKey, type Table } from '@covet/db/catalog'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import { typeOf } from './column-type.ts'

/** The junctions that relations of the model need and no model is. */
export function junctionTables(meta: ModelMeta): readonly Table[] {
  return meta.relationNames
    .filter((name) => meta.declaration.shape[name]?.kind === 'manyToMany')
    .map((name) => meta.relation(name))
    .flatMap((relation) => (relation.junction && !relation.junction.meta ? [junctionTable(owning(relation))] : []))
}

/** Both sides describe the same table; the owning one says in which order. */
function owning(relation: RelationMeta): RelationMeta {
  const { inverse } = relation.definition
  return inverse === undefined ? relation : relation.target.relation(inverse)
}

function junctionTable({ owner, target, junction }: RelationMeta): Table {
  const { table = '', ownerColumns = [], targetColumns = [] } = junction ?? {}
  return {
    name: table,
    columns: [...columns(ownerColumns, owner.primaryKey), ...columns(targetColumns, target.primaryKey)],
    primaryKey: [...ownerColumns, ...targetColumns],
    foreignKeys: [reference(ownerColumns, owner), reference(targetColumns, target)],
    uniques: [],
    indexes: [{ name: constraintName(table, targetColumns, 'idx'), parts: targetColumns.map((column) => ({ column })), unique: false }],
    checks: [],
  }
}

function columns(names: readonly string[], keys: readonly ColumnMeta[]): readonly Column[] {
  return names.map((name, index) => {
    const field = keys[index]?.field
    return { name, type: field ? typeOf(field) : { kind: 'integer', bits: 64 }, nullable: false }
  })
}

/** A pair is nothing without its two rows. */
function reference(names: readonly string[], { table, primaryKey }: ModelMeta): ForeignKey {
  return {
    columns: names,
    references: { table, columns: primaryKey.map(({ column }) => column) },
    onDelete: 'cascade',
    onUpdate: 'cascade',
  }
}
