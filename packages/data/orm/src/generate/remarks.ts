import type { Column, Index, Table } from '@covet/db/catalog'
import { enumOfCheck } from '@covet/db/catalog'
import { enumValues, fieldSource, hasDefault } from './fields.ts'
import type { ModelPlan } from './plan.ts'

/** What the table has and a model cannot say, a line each. */
export function remarksOn({ table, references }: ModelPlan): readonly string[] {
  const related = new Set(references.map(({ key }) => key))
  return [
    ...table.columns.flatMap((column) => columnRemarks(column, table)),
    ...table.foreignKeys.filter((key) => !related.has(key)).map(({ columns, references: to }) => `${columns.join(', ')} refers to ${to.table} (${to.columns.join(', ')})`),
    ...table.foreignKeys.filter((key) => key.onDelete === 'set default' || key.onUpdate === 'set default').map(({ columns }) => `${columns.join(', ')}: set default`),
    ...table.indexes.filter((index) => !isSayable(index)).map(indexRemark),
    ...table.checks.filter(({ expression }) => !isEnumCheck(expression, table)).map(({ expression }) => `check (${expression})`),
  ]
}

function columnRemarks(column: Column, table: Table): readonly string[] {
  if (!fieldSource(column, { table, property: column.name, root: column })) return [`${column.name}: a column of type ${column.native ?? 'unknown'}`]
  if (column.generated) return [`${column.name} = ${column.generated.expression}`]
  return column.default?.kind === 'expression' && !hasDefault(column) ? [`${column.name}: default ${column.default.sql}`] : []
}

/** A model's index is of columns in ascending order, over all rows. */
export function isSayable({ parts, where, method, unique }: Index): boolean {
  return !unique && where === undefined && method === undefined && parts.every((part) => 'column' in part && part.order === undefined && part.length === undefined)
}

function indexRemark({ name, parts, where, unique, method }: Index): string {
  const list = parts.map((part) => `${'column' in part ? part.column : part.expression}${part.order ? ' desc' : ''}`).join(', ')
  const using = method === undefined ? '' : ` using ${method}`
  return `${unique ? 'unique ' : ''}index ${name}${using} (${list})${where === undefined ? '' : ` where ${where}`}`
}

function isEnumCheck(expression: string, table: Table): boolean {
  const found = enumOfCheck(expression)
  const column = table.columns.find(({ name }) => name === found?.column)
  return column !== undefined && enumValues(column, table) === found?.values
}
