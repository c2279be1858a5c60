import type { Expression } from './expression/node.ts'
import { parseExpression } from './expression/parse.ts'
import { printExpression } from './expression/print.ts'
import { constraintName } from './names.ts'
import type { CatalogDialect, Check, Column, ColumnType, Table } from './types.ts'

/** The values of a check `column in ('a', 'b')`; undefined for any other check. */
export function enumOfCheck(expression: string): { column: string; values: readonly string[] } | undefined {
  const parsed = parseExpression(expression, 'sqlite')
  if (parsed?.kind === 'in' && !parsed.not) return oneOf(parsed.operand, parsed.list)
  if (parsed?.kind === 'binary' && parsed.operator === '=') return oneOf(parsed.left, [parsed.right])
  return undefined
}

function oneOf(operand: Expression, list: readonly Expression[]): { column: string; values: readonly string[] } | undefined {
  if (operand.kind !== 'column' || operand.path.length !== 1) return undefined
  const values = list.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
  return values.length === list.length ? { column: operand.path[0] ?? '', values } : undefined
}

/** The check that gives a column the rest of its type where the engine's own types do not go that far. */
export function checkOfType({ name, type }: Pick<Column, 'name' | 'type'>, dialect: CatalogDialect): string | undefined {
  const column: Expression = { kind: 'column', path: [name] }
  switch (type.kind) {
    case 'enum':
      if (type.name !== undefined) return undefined
      return inValues(column, type.values)
    case 'string':
      return limited(dialect, type) && type.max !== undefined ? lengthAtMost(column, type.max) : undefined
    case 'json':
      if (dialect === 'postgres') return undefined
      return printExpression({ kind: 'call', name: 'json_valid', args: [column] })
    case 'boolean':
      return dialect === 'sqlite' ? printExpression({ kind: 'in', operand: column, not: false, list: numbers(0, 1) }) : undefined
    default:
      return undefined
  }
}

/** SQLite does not look at the length of a VARCHAR, and `citext` of PostgreSQL has none. */
function limited(dialect: CatalogDialect, { ci }: Extract<ColumnType, { kind: 'string' }>): boolean {
  return dialect === 'sqlite' || (dialect === 'postgres' && ci === true)
}

function inValues(column: Expression, values: readonly string[]): string {
  const list = values.map((value): Expression => ({ kind: 'string', value }))
  const [only] = list
  if (only && list.length === 1) return printExpression({ kind: 'binary', operator: '=', left: column, right: only })
  return printExpression({ kind: 'in', operand: column, not: false, list })
}

function lengthAtMost(column: Expression, max: number): string {
  const length: Expression = { kind: 'call', name: 'length', args: [column] }
  return printExpression({ kind: 'binary', operator: '<=', left: length, right: { kind: 'number', text: String(max) } })
}

function numbers(...values: readonly number[]): readonly Expression[] {
  return values.map((value) => ({ kind: 'number', text: String(value) }))
}

/** A check as it was read; one of a column may have no name, or the column's. */
export interface ReadCheck extends Check {
  readonly column?: string
}

/**
 * The table with the checks that belong to its columns' types taken into the types. A check that somebody gave a name of
 * its own stays a check: what does not look like ours is not ours.
 */
export function foldTypeChecks(table: Omit<Table, 'checks'>, checks: readonly ReadCheck[], dialect: CatalogDialect): Table {
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const kept: Check[] = []
  for (const check of checks) {
    const folded = fold(table.name, columns, check, dialect)
    if (folded) columns.set(folded.name, folded)
    else kept.push({ ...(check.name !== undefined && { name: check.name }), expression: check.expression })
  }
  return { ...table, columns: [...columns.values()], checks: kept }
}

function fold(table: string, columns: ReadonlyMap<string, Column>, check: ReadCheck, dialect: CatalogDialect): Column | undefined {
  for (const column of candidates(table, columns, check)) {
    const type = typeWith(column, check.expression, dialect)
    if (type) return { ...column, type }
  }
  return undefined
}

function candidates(table: string, columns: ReadonlyMap<string, Column>, { name, column }: ReadCheck): readonly Column[] {
  const owned = column === undefined ? undefined : columns.get(column)
  if (owned) return [owned]
  return [...columns.values()].filter((each) => name === undefined || name === constraintName(table, [each.name], 'check'))
}

function typeWith(column: Column, expression: string, dialect: CatalogDialect): ColumnType | undefined {
  const { name, type } = column
  if (type.kind === 'string' || type.kind === 'text') {
    const found = enumOfCheck(expression)
    if (found?.column === name) return { kind: 'enum', values: found.values }
    if (expression === checkOfType({ name, type: { kind: 'json' } }, 'sqlite')) return { kind: 'json' }
    const max = maxOf(name, expression)
    if (max !== undefined && type.kind === 'string') return { ...type, max }
    // `citext` is read as text: only the check says that it is a string.
    if (max !== undefined && type.ci) return { kind: 'string', max, ci: true }
    return undefined
  }
  return expression === checkOfType(column, dialect) ? type : undefined
}

function maxOf(name: string, expression: string): number | undefined {
  const digits = /<= (\d+)$/.exec(expression)?.[1]
  if (digits === undefined) return undefined
  const max = Number(digits)
  return expression === lengthAtMost({ kind: 'column', path: [name] }, max) ? max : undefined
}
