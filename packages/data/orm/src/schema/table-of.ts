import { constraintName, type ForeignKey, type ForeignKeyAction, type Index, type Table, type Unique } from '@covet/db/catalog'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { ReferentialAction } from '../relations/definition.ts'
import { columnOf } from './column-type.ts'
import { uniqueKeys } from './unique-keys.ts'

const actions: Readonly<Record<ReferentialAction, ForeignKeyAction>> = {
  cascade: 'cascade',
  restrict: 'restrict',
  setNull: 'set null',
  noAction: 'no action',
}

/**
 * The table of a model.
 * @param oneToOne foreign keys that are unique because a relation of another model leads to one row
 */
export function tableOf(meta: ModelMeta, oneToOne: readonly (readonly ColumnMeta[])[]): Table {
  const [key = [], ...uniques] = uniqueKeys(meta, oneToOne).map((columns) => columns.map(({ column }) => column))
  const mark = meta.duty('deletedAt')
  return {
    name: meta.table,
    columns: meta.columns.map((column) => columnOf(meta, column)),
    primaryKey: key,
    foreignKeys: foreignKeys(meta),
    uniques: mark ? [] : uniques.map((columns): Unique => ({ columns })),
    indexes: [
      // A row that was deleted softly must not keep its values from a new one.
      ...(mark ? uniques.map((columns) => partialUnique(meta, columns, mark)) : []),
      ...plainIndexes(meta, [key, ...(mark ? [] : uniques)]),
    ],
    checks: [],
  }
}

function partialUnique({ table }: ModelMeta, columns: readonly string[], mark: ColumnMeta): Index {
  return {
    name: constraintName(table, columns, 'key'),
    parts: columns.map((column) => ({ column })),
    unique: true,
    where: `"${mark.column}" is null`,
  }
}

/** @param served keys that have an index already */
function plainIndexes(meta: ModelMeta, served: readonly (readonly string[])[]): readonly Index[] {
  return distinct(indexedColumns(meta))
    .filter((columns) => !served.some((other) => beginsWith(other, columns)))
    .map((columns) => ({ name: constraintName(meta.table, columns, 'idx'), parts: columns.map((column) => ({ column })), unique: false }))
}

/** What a model wants an index for beside its keys. */
export function indexedColumns(meta: ModelMeta): readonly (readonly string[])[] {
  return [
    ...meta.columns.filter(({ field, relation }) => field.index && !isPolymorphic(meta, relation)).map(({ column }) => [column]),
    ...(meta.declaration.options.index ?? []).map((properties) => properties.map((property) => meta.column(property).column)),
    ...relationIndexes(meta),
  ]
}

/** Indexes over all columns of a reference that has several. */
function relationIndexes(meta: ModelMeta): readonly (readonly string[])[] {
  return references(meta).flatMap(({ local, typeColumn, definition }) => {
    if (definition.index === false) return []
    if (typeColumn) return [[typeColumn.column, ...local.map(({ column }) => column)]]
    return local.length > 1 ? [local.map(({ column }) => column)] : []
  })
}

function foreignKeys(meta: ModelMeta): readonly ForeignKey[] {
  return references(meta)
    .filter(({ kind }) => kind === 'belongsTo')
    .map(({ local, target, foreign, definition: { onDelete = 'noAction', onUpdate = 'noAction' } }) => ({
      columns: local.map(({ column }) => column),
      references: { table: target.table, columns: foreign.map(({ column }) => column) },
      onDelete: actions[onDelete],
      onUpdate: actions[onUpdate],
    }))
}

function references(meta: ModelMeta): readonly ReturnType<ModelMeta['relation']>[] {
  return meta.relationNames
    .filter((name) => meta.declaration.shape[name]?.kind === 'belongsTo' || meta.declaration.shape[name]?.kind === 'polymorphic')
    .map((name) => meta.relation(name))
}

function isPolymorphic(meta: ModelMeta, relation: string | undefined): boolean {
  return relation !== undefined && meta.declaration.shape[relation]?.kind === 'polymorphic'
}

function distinct(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return keys.filter((columns, index) => keys.findIndex((other) => isSame(other, columns)) === index)
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && beginsWith(left, right)
}

function beginsWith(whole: readonly string[], part: readonly string[]): boolean {
  return part.every((column, index) => whole[index] === column)
}
