import { renderExpression, printExpression } from './expression/print.ts'
import { expressionSql } from './expression/normalize.ts'
import type { Expression } from './expression/node.ts'
import { parseExpression } from './expression/parse.ts'
import { isScaled, scaleDown, scaleUp } from './scaled.ts'
import type { CatalogDialect, ColumnDefault, ColumnType } from './types.ts'

type Literal = string | number | boolean

/** What SQLite, which has no clock type, computes for the present moment as `Date.toISOString` writes it. */
const sqliteNow = `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`
/** A random UUID where there is no function for it. */
const sqliteUuid =
  "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"

/** A default as a server prints it, in the normal form. Undefined for none: no default, or null. */
export function normalizeDefault(sql: string | null, type: ColumnType, dialect: CatalogDialect): ColumnDefault | undefined {
  if (sql === null) return undefined
  const expression = parseExpression(sql, dialect)
  if (!expression) return { kind: 'expression', sql: sql.trim() }
  if (expression.kind === 'word' && expression.word === 'null') return undefined
  if (dialect === 'sqlite') {
    for (const [own, common] of sqliteFunctions()) {
      if (printExpression(expression) === own) return { kind: 'expression', sql: common }
    }
  }
  const value = literalOf(expression)
  if (value === undefined) return { kind: 'expression', sql: printExpression(expression) }
  const isUnits = dialect === 'sqlite' && isScaled(type)
  return { kind: 'literal', value: typed(isUnits ? scaleDown(String(value), type.scale ?? 0) : value, type) }
}

/** A default in the SQL of an engine, without parentheses. */
export function defaultSql(value: ColumnDefault, type: ColumnType, dialect: CatalogDialect): string {
  if (value.kind === 'literal') return literalSql(value.value, type, dialect)
  const { sql } = value
  if (dialect === 'sqlite' && sql === 'current_timestamp') return sqliteNow
  if (dialect === 'sqlite' && sql === 'uuid()') return sqliteUuid
  if (dialect === 'mysql' && sql === 'current_timestamp') return currentTimestamp(type)
  return expressionSql(sql, dialect)
}

/** MySQL wants the digits of the column's type. */
export function currentTimestamp(type: ColumnType): string {
  const digits = type.kind === 'datetime' ? type.precision : 0
  return digits > 0 ? `current_timestamp(${digits})` : 'current_timestamp'
}

export function quoteString(value: string, dialect: CatalogDialect): string {
  return renderExpression({ kind: 'string', value }, dialect)
}

let known: ReadonlyMap<string, string> | undefined

function sqliteFunctions(): ReadonlyMap<string, string> {
  known ??= new Map([
    [spelled(sqliteNow), 'current_timestamp'],
    [spelled(sqliteUuid), 'uuid()'],
  ])
  return known
}

function spelled(sql: string): string {
  const expression = parseExpression(sql, 'sqlite')
  return expression ? printExpression(expression) : sql
}

function literalOf(expression: Expression): Literal | undefined {
  switch (expression.kind) {
    case 'string':
      return expression.value
    case 'number':
      return expression.text
    case 'bytes':
      return expression.hex
    case 'word':
      return expression.word === 'true' || expression.word === 'false' ? expression.word === 'true' : undefined
    case 'cast':
      return literalOf(expression.operand)
    default:
      return undefined
  }
}

/** The literal as the type has it: engines print numbers as strings, booleans as numbers, and pad decimals. */
function typed(value: Literal, type: ColumnType): Literal {
  const text = String(value)
  switch (type.kind) {
    case 'boolean':
      return text === 'true' || text === '1'
    case 'integer': {
      const whole = Number(text)
      return Number.isSafeInteger(whole) ? whole : text
    }
    case 'float':
      return Number(text)
    case 'decimal':
      return canonicalDecimal(text)
    case 'json':
      return canonicalJson(text)
    case 'datetime':
      return canonicalInstant(text, type.local === true)
    case 'bytes':
      return text.startsWith('\\x') ? text.slice(2) : text
    case 'uuid':
      return text.toLowerCase()
    default:
      return text
  }
}

/** Without zeros that say nothing: `1.50` is `1.5`. */
export function canonicalDecimal(text: string): string {
  const [, sign = '', digits = '', fraction = ''] = /^([+-]?)0*(\d*)\.?(\d*?)0*$/.exec(text) ?? []
  if (digits + fraction === '') return /^[+-]?[\d.]*$/.test(text) ? '0' : text
  return `${sign === '-' ? '-' : ''}${digits || '0'}${fraction && `.${fraction}`}`
}

export function canonicalJson(text: string): string {
  try {
    return JSON.stringify(sortKeys(JSON.parse(text)))
  } catch {
    // The server lets anything stand in a default; what is no JSON is compared as it is.
    return text
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]))
}

/** Databases print an instant without a zone in UTC: drivers set the session's zone so. */
function canonicalInstant(text: string, local: boolean): string {
  if (local) return text
  const zoned = /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? text.replace(/([+-]\d\d)$/, '$1:00') : `${text}Z`
  const date = new Date(zoned.replace(' ', 'T'))
  return Number.isNaN(date.getTime()) ? text : date.toISOString()
}

function literalSql(value: Literal, type: ColumnType, dialect: CatalogDialect): string {
  const text = String(value)
  switch (type.kind) {
    case 'boolean':
      return dialect === 'postgres' ? text : text === 'true' ? '1' : '0'
    case 'integer':
    case 'float':
      return text
    case 'decimal':
      return dialect === 'sqlite' ? sqliteDecimal(text, type) : text
    case 'datetime':
      return quoteString(dialect === 'mysql' ? text.replace('T', ' ').replace('Z', '') : text, dialect)
    case 'bytes':
      return renderExpression({ kind: 'bytes', hex: text }, dialect)
    default:
      return quoteString(text, dialect)
  }
}

function sqliteDecimal(text: string, type: ColumnType): string {
  return isScaled(type) ? String(scaleUp(text, type.scale ?? 0)) : quoteString(text, 'sqlite')
}
