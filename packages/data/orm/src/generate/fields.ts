import { type Column, type ColumnType, enumOfCheck, type Table, typeNameSql } from '@covet/db/catalog'
import { snakeCase } from '../meta/naming.ts'
import { list, quoted, withoutLineEnds } from './source.ts'

/** The longest string a field takes; see `f.string`. */
const longest = 65_535
const usualLength = 255

export interface FieldContext {
  readonly table: Table
  readonly property: string
  /** The column at the end of the foreign key; the column itself without one. */
  readonly root: Column
}

/** A field as source, or undefined for a column whose type no field has. */
export function fieldSource(column: Column, { table, property, root }: FieldContext): string | undefined {
  const base = baseOf(column, table, root)
  if (base === undefined) return undefined
  const isOnlyKey = isAlone(column, table.primaryKey) && base !== 'f.id()'
  const isUnique = table.uniques.some(({ columns }) => isAlone(column, columns))
  const isIndexed = table.indexes.some(
    (index) => !index.unique && index.where === undefined && index.method === undefined && isPlain(index.parts, column),
  )
  return [
    base,
    column.nullable ? '.nullable()' : '',
    defaultSource(column, root),
    isOnlyKey ? '.primary()' : '',
    isUnique ? '.unique()' : '',
    isIndexed ? '.index()' : '',
    column.generated ? '.generated()' : '',
    snakeCase(property) === column.name ? '' : `.column(${quoted(column.name)})`,
  ].join('')
}

function isAlone({ name }: Column, columns: readonly string[]): boolean {
  return columns.length === 1 && columns[0] === name
}

function isPlain(parts: Table['indexes'][number]['parts'], { name }: Column): boolean {
  const [part] = parts
  return (
    parts.length === 1 &&
    part !== undefined &&
    'column' in part &&
    part.column === name &&
    part.order === undefined &&
    part.length === undefined
  )
}

function baseOf(column: Column, table: Table, root: Column): string | undefined {
  const values = enumValues(column, table)
  if (values) return `f.enum(${list(values)}${nativeSource(column.type)})`
  if (column.identity && isAlone(column, table.primaryKey)) return 'f.id()'
  // A key made by f.id() is a number on both sides.
  if (column.type.kind === 'integer' && root.identity) return 'f.int()'
  const duty = dutyOf(column)
  return duty ?? typeSource(column.type)
}

/** Of an enum, or of text that a check of any name holds to some values. */
export function enumValues({ name, type }: Column, { checks }: Table): readonly string[] | undefined {
  if (type.kind === 'enum') return type.values
  if (type.kind !== 'string' && type.kind !== 'text') return undefined
  return checks.map(({ expression }) => enumOfCheck(expression)).find((found) => found?.column === name)?.values
}

/** The enum type of PostgreSQL, as the field takes its name. */
function nativeSource(type: ColumnType): string {
  if (type.kind !== 'enum' || type.name === undefined) return ''
  const { schema, name } = type
  const written = [schema, name].flatMap((part) => (part === undefined ? [] : [/[."]/.test(part) ? typeNameSql({ name: part }) : part]))
  return `, { native: ${quoted(written.join('.'))} }`
}

/** A column that the database dates as the framework would. */
function dutyOf({ name, type, nullable, default: value, onUpdate }: Column): string | undefined {
  if (type.kind !== 'datetime' || nullable || value?.kind !== 'expression' || value.sql !== 'current_timestamp') return undefined
  if (onUpdate === 'current_timestamp') return 'f.updatedAt()'
  return snakeCase(name) === 'created_at' ? 'f.createdAt()' : undefined
}

function typeSource(type: ColumnType): string | undefined {
  switch (type.kind) {
    case 'boolean':
      return 'f.bool()'
    case 'integer':
      return type.bits === 64 ? 'f.bigint()' : 'f.int()'
    case 'decimal':
      return `f.decimal(${type.precision ?? 65}, ${type.precision === undefined ? 30 : (type.scale ?? 0)})`
    case 'string':
      return stringSource(type)
    case 'text':
      return `f.text()${type.ci ? '.ci()' : ''}`
    case 'enum':
      return `f.enum(${list(type.values)})`
    case 'array':
    case 'other':
      return undefined
    default:
      return `f.${type.kind}()`
  }
}

function stringSource({ max, ci }: Extract<ColumnType, { kind: 'string' }>): string {
  if (max === undefined || max > longest) return `f.text()${ci ? '.ci()' : ''}`
  const options = [...(max === usualLength ? [] : [`max: ${max}`]), ...(ci ? ['ci: true'] : [])]
  return options.length === 0 ? 'f.string()' : `f.string({ ${options.join(', ')} })`
}

function defaultSource(column: Column, root: Column): string {
  const { default: value, type } = column
  if (!value || dutyOf(column) || column.generated) return ''
  const source = value.kind === 'literal' ? literalSource(value.value, type, root.identity !== undefined) : computedSource(value.sql, type)
  return source === undefined ? '' : `.default(${source})`
}

function computedSource(sql: string, type: ColumnType): string | undefined {
  return sql === 'current_timestamp' && type.kind === 'datetime' ? '() => new Date()' : undefined
}

/** Whether a field says what the column's default says. */
export function hasDefault(column: Column): boolean {
  const { default: value, type } = column
  if (!value || value.kind === 'literal' || dutyOf(column)) return true
  return (value.sql === 'uuid()' && type.kind === 'uuid') || computedSource(value.sql, type) !== undefined
}

function literalSource(value: string | number | boolean, type: ColumnType, isNumber: boolean): string {
  const text = String(value)
  switch (type.kind) {
    case 'boolean':
    case 'float':
      return text
    case 'integer':
      return type.bits === 64 && !isNumber ? `${text}n` : text
    case 'json':
      return jsonSource(text)
    case 'bytes':
      return `() => Buffer.from(${quoted(text)}, 'hex')`
    default:
      return quoted(text)
  }
}

/** A new object for each row: one would be shared by all. */
function jsonSource(text: string): string {
  const source = withoutLineEnds(text)
  if (source.startsWith('{')) return `() => (${source})`
  return source.startsWith('[') ? `() => ${source}` : source
}
