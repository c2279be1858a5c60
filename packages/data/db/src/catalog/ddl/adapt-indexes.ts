import { SchemaUnsupportedError } from '../errors.ts'
import { normalizeExpression } from '../expression/normalize.ts'
import type { Column, Index, IndexPart, Table } from '../types.ts'
import type { Engine } from './engine.ts'
import { nativeType } from './native-types.ts'

/** The table with the indexes the engine has: see `adaptCatalog` for what becomes of the others. */
export function adaptIndexes(table: Table, engine: Engine): Table {
  let adapted: Table = { ...table, indexes: [] }
  for (const index of table.indexes) adapted = withIndex(adapted, adaptParts(index, engine), engine)
  return adapted
}

function adaptParts(index: Index, { dialect }: Engine): Index {
  const { name, unique, where, method, include, nullsNotDistinct } = index
  const isPostgres = dialect === 'postgres'
  return {
    name,
    parts: index.parts.map((part) => adaptPart(part, dialect)),
    unique,
    ...(where !== undefined && { where: normalizeExpression(where, 'sqlite') }),
    ...(isPostgres && {
      ...(method !== undefined && { method }),
      ...(include && { include }),
      ...(nullsNotDistinct && { nullsNotDistinct }),
    }),
  }
}

function adaptPart(part: IndexPart, dialect: Engine['dialect']): IndexPart {
  const { order, nulls, length, operatorClass } = part
  return {
    ...('column' in part ? { column: part.column } : { expression: normalizeExpression(part.expression, 'sqlite') }),
    ...(order && { order }),
    ...(dialect === 'mysql' && length !== undefined && { length }),
    ...(dialect === 'postgres' && { ...(nulls && { nulls }), ...(operatorClass !== undefined && { operatorClass }) }),
  }
}

function withIndex(table: Table, index: Index, engine: Engine): Table {
  const plain = index.parts.every((part) => 'column' in part)
  if (!plain && !engine.expressionIndexes) return withoutExpressions(table, index, engine)
  if (index.where !== undefined && !engine.partialIndexes)
    return index.unique ? uniqueByColumn(table, index, engine) : withIndex(table, whole(index), engine)
  // MySQL makes no difference between the two.
  if (engine.dialect === 'mysql' && index.unique && isConstraint(index)) {
    return { ...table, uniques: [...table.uniques, { name: index.name, columns: columnsOf(index) }] }
  }
  return { ...table, indexes: [...table.indexes, index] }
}

function withoutExpressions(table: Table, index: Index, { title }: Engine): Table {
  if (!index.unique) return table
  throw new SchemaUnsupportedError(
    title,
    `unique index of an expression (${index.name})`,
    'Add a generated column with a unique constraint.',
  )
}

/** It only gets larger: all rows are in it. */
function whole({ where: _, ...index }: Index): Index {
  return index
}

function isConstraint({ parts }: Index): boolean {
  return parts.every((part) => 'column' in part && part.order === undefined && part.length === undefined)
}

function columnsOf({ parts }: Index): readonly string[] {
  return parts.flatMap((part) => ('column' in part ? [part.column] : []))
}

/** Nulls are never equal: rows for which the condition does not hold have one in the generated column. */
function uniqueByColumn(table: Table, index: Index, engine: Engine): Table {
  const name = `${index.name}_on`
  const type = { kind: 'integer', bits: 16 } as const
  const column: Column = {
    name,
    type,
    native: nativeType(type, engine),
    nullable: true,
    generated: { expression: `case when ${index.where} then 1 end`, stored: false },
  }
  const unique = { name: index.name, columns: [...columnsOf(index), name] }
  return { ...table, columns: [...table.columns, column], uniques: [...table.uniques, unique] }
}
