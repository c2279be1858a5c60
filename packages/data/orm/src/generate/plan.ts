import type { Catalog, Column, ForeignKey, Table } from '@covet/db/catalog'
import { snakeCase } from '../meta/naming.ts'
import { camelCase, kebabCase, pascalCase, singular, wordsOf } from './words.ts'
import { Names, reservedClasses, reservedProperties } from './names.ts'

export type PropertyCase = 'camel' | 'keep'

/** A model to be written: its table, and what its things are called. */
export interface ModelPlan {
  readonly table: Table
  readonly className: string
  /** Without its ending. */
  readonly file: string
  readonly names: Names
  /** By column. */
  readonly properties: ReadonlyMap<string, string>
  readonly references: readonly Reference[]
}

/** A foreign key that a `belongsTo` can stand for. */
export interface Reference {
  readonly key: ForeignKey
  readonly target: string
  readonly relation: string
  /** The relation brings the columns of the key; else they are fields, and the relation names them. */
  readonly isImplied: boolean
  /** The columns are a key of their table: at most one row refers to each. */
  readonly isUnique: boolean
}

/** The models of the tables that have a primary key; a model cannot be without one. */
export function planModels({ tables }: Catalog, propertyCase: PropertyCase): ReadonlyMap<string, ModelPlan> {
  const keyed = tables.filter(({ primaryKey }) => primaryKey.length > 0)
  const classes = new Names(reservedClasses)
  const files = new Names(['index'])
  const byName = new Map(keyed.map((table) => [table.name, table]))
  return new Map(
    keyed.map((table) => {
      const wished = pascalCase(singular(table.name))
      const className = classes.claim(wished, `${wished}Row`)
      return [table.name, { className, file: files.claim(kebabCase(className)), ...planMembers(table, byName, propertyCase) }]
    }),
  )
}

function planMembers(table: Table, tables: ReadonlyMap<string, Table>, propertyCase: PropertyCase): Omit<ModelPlan, 'className' | 'file'> {
  const names = new Names(reservedProperties)
  const properties = new Map(table.columns.map(({ name }) => [name, propertyOf(name, names, propertyCase)]))
  const references = table.foreignKeys
    .filter((key) => refersToKey(key, tables))
    .map((key) => planReference(key, table, { names, properties, tables }))
  return { table, names, properties, references }
}

function propertyOf(column: string, names: Names, propertyCase: PropertyCase): string {
  const wished = propertyCase === 'keep' ? column : camelCase(column)
  return names.claim(wished, `${wished}Value`)
}

/** A model's relation leads to the primary key of the other one. */
function refersToKey({ references }: ForeignKey, tables: ReadonlyMap<string, Table>): boolean {
  const target = references.schema === undefined ? tables.get(references.table) : undefined
  return target !== undefined && isSame(target.primaryKey, references.columns)
}

interface Around extends Pick<ModelPlan, 'names' | 'properties'> {
  readonly tables: ReadonlyMap<string, Table>
}

function planReference(key: ForeignKey, table: Table, { names, properties, tables }: Around): Reference {
  const [only = '', ...others] = key.columns
  const property = properties.get(only) ?? ''
  const target = camelCase(singular(key.references.table))
  const stem = others.length === 0 ? stemOf(property, tables.get(key.references.table)?.primaryKey ?? []) : undefined
  const fallback = others.length === 0 ? `${property}${pascalCase(target)}` : target
  const relation = stem === undefined ? names.claim(fallback) : names.claim(stem, fallback)
  return {
    key,
    target: key.references.table,
    relation,
    isImplied: key.columns.every((column) => isImpliable(column, table, properties)),
    isUnique: isKeyOf(table, key.columns),
  }
}

/** `authorId` and `author_id` are keys of `author`, and `country_code` is one of `country`, whose key is `code`. */
function stemOf(property: string, [key = '']: readonly string[]): string | undefined {
  const byId = /^(.+?)(?:_id|_ID|Id|ID)$/.exec(property)?.[1]
  if (byId !== undefined) return byId
  const [words, end] = [wordsOf(property), wordsOf(key)]
  if (words.length <= end.length || !isSame(words.slice(-end.length), end)) return undefined
  const stem = words.slice(0, -end.length).join('_')
  return property.includes('_') ? stem : camelCase(stem)
}

/** Whether a relation brings the column just as it is: with the usual name, without a default, and no other relation with it. */
function isImpliable(column: string, { columns, foreignKeys }: Table, properties: ReadonlyMap<string, string>): boolean {
  const found = columns.find(({ name }) => name === column)
  const isShared = foreignKeys.filter((key) => key.columns.includes(column)).length > 1
  const isWhole = foreignKeys.some((key) => key.columns.length === 1 && key.columns[0] === column)
  return !isShared && snakeCase(properties.get(column) ?? '') === column && found?.default === undefined && (isWhole || found?.nullable === false)
}

/** Whether a relation brings the column, so that the model declares no field for it. */
export function isBrought({ references }: Pick<ModelPlan, 'references'>, column: string): boolean {
  return references.some(({ isImplied, key }) => isImplied && key.columns.includes(column))
}

/** Whether no two rows have the same in these columns. */
function isKeyOf({ primaryKey, uniques }: Table, columns: readonly string[]): boolean {
  return [primaryKey, ...uniques.map((unique) => unique.columns)].some((key) => isSame(key.toSorted(), columns.toSorted()))
}

export function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index])
}

/** The column a foreign key leads to in the end, through keys that are foreign keys themselves. */
export function rootOf(table: Table, column: Column, plans: ReadonlyMap<string, ModelPlan>, seen: ReadonlySet<string> = new Set()): Column {
  const step = `${table.name}\0${column.name}`
  const reference = plans.get(table.name)?.references.find(({ key }) => key.columns.includes(column.name))
  const target = reference && plans.get(reference.target)?.table
  if (!reference || !target || seen.has(step)) return column
  const position = reference.key.columns.indexOf(column.name)
  const next = target.columns.find(({ name }) => name === reference.key.references.columns[position])
  return next ? rootOf(target, next, plans, new Set([...seen, step])) : column
}
