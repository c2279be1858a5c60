import { postColumns, userColumns } from './columns.ts'
import type { WorkloadName } from './workloads.ts'

const ofUser = userColumns.split(', ')
const ofPost = postColumns.split(', ')

/** What an operation gave, as plain rows in one order: contenders name columns `author_id` or `authorId` and build what they like. */
export function canonical(workload: WorkloadName, result: unknown): unknown {
  switch (workload) {
    case 'select-pk':
      return pick(result, ofUser)
    case 'select-100':
      return list(result).map((row) => pick(row, ofUser))
    case 'filter-order-limit':
      return list(result).map((row) => pick(row, ofPost))
    case 'eager-50x20':
      return list(result).map((row) => ({ ...pick(row, ofUser), posts: childrenOf(row) }))
    case 'insert-one':
      return Number(result)
    case 'bulk-1000':
    case 'update-pk':
      return null
  }
}

function childrenOf(row: unknown): unknown[] {
  const children = list((row as { posts?: unknown }).posts).map((child) => pick(child, ofPost))
  return children.toSorted((a, b) => Number(a['id']) - Number(b['id']))
}

function pick(row: unknown, columns: readonly string[]): Record<string, unknown> {
  if (row === null || typeof row !== 'object') throw new Error(`A row was expected, not ${String(row)}.`)
  const source = row as Readonly<Record<string, unknown>>
  return Object.fromEntries(columns.map((column) => [column, source[column] ?? source[camel(column)] ?? nullOf(source, column)]))
}

/** A column that is left out is not NULL. */
function nullOf(source: object, column: string): null | string {
  return column in source || camel(column) in source ? null : 'missing'
}

function camel(column: string): string {
  return column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Collections of some ORMs are iterable and no arrays. */
function list(rows: unknown): unknown[] {
  if (rows === null || typeof rows !== 'object' || !(Symbol.iterator in rows)) throw new Error(`Rows were expected, not ${String(rows)}.`)
  return [...(rows as Iterable<unknown>)]
}
