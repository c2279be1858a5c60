import type { Check, Column, ColumnDefault, ColumnType, ForeignKey, ForeignKeyAction, Index, IndexPart, Table, Unique } from '../types.ts'

type Details = Partial<Omit<Column, 'name' | 'type' | 'default'>> & { default?: string | number | boolean; defaultsTo?: string }

export const id: ColumnType = { kind: 'integer', bits: 64 }
export const int: ColumnType = { kind: 'integer', bits: 32 }
export const smallint: ColumnType = { kind: 'integer', bits: 16 }
export const bool: ColumnType = { kind: 'boolean' }
export const text: ColumnType = { kind: 'text' }
export const uuid: ColumnType = { kind: 'uuid' }
export const json: ColumnType = { kind: 'json' }
export const date: ColumnType = { kind: 'date' }
export const bytes: ColumnType = { kind: 'bytes' }
export const float: ColumnType = { kind: 'float', bits: 64 }
export const datetime: ColumnType = { kind: 'datetime', precision: 3 }

export function string(max: number): ColumnType {
  return { kind: 'string', max }
}

export function decimal(precision: number, scale: number): ColumnType {
  return { kind: 'decimal', precision, scale }
}

export function oneOf(...values: readonly string[]): ColumnType {
  return { kind: 'enum', values }
}

export function column(name: string, type: ColumnType, { default: literal, defaultsTo, ...details }: Details = {}): Column {
  const value: ColumnDefault | undefined =
    literal !== undefined
      ? { kind: 'literal', value: literal }
      : defaultsTo !== undefined
        ? { kind: 'expression', sql: defaultsTo }
        : undefined
  return { name, type, nullable: false, ...(value && { default: value }), ...details }
}

export function nullable(name: string, type: ColumnType, details: Details = {}): Column {
  return column(name, type, { ...details, nullable: true })
}

export function key(name: string): Column {
  return column(name, id, { identity: 'by default' })
}

interface Actions {
  name?: string
  onDelete?: ForeignKeyAction
  onUpdate?: ForeignKeyAction
  deferrable?: 'immediate' | 'deferred'
}

export function reference(
  columns: string | readonly string[],
  table: string,
  target: string | readonly string[],
  actions: Actions = {},
): ForeignKey {
  return {
    columns: [columns].flat(),
    references: { table, columns: [target].flat() },
    onDelete: 'no action',
    onUpdate: 'no action',
    ...actions,
  }
}

export function unique(...columns: readonly string[]): Unique {
  return { columns }
}

export function index(name: string, parts: readonly (string | IndexPart)[], more: Partial<Index> = {}): Index {
  return { name, parts: parts.map((part) => (typeof part === 'string' ? { column: part } : part)), unique: false, ...more }
}

export function check(name: string, expression: string): Check {
  return { name, expression }
}

export function table(name: string, columns: readonly Column[], primaryKey: readonly string[], rest: Partial<Table> = {}): Table {
  return { name, columns, primaryKey, foreignKeys: [], uniques: [], indexes: [], checks: [], ...rest }
}
