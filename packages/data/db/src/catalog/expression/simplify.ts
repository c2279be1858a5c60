import type { CatalogDialect, ColumnType } from '../types.ts'
import type { Expression } from './node.ts'

// One spelling for what engines print in several.
const operators: Readonly<Record<string, string>> = {
  '==': '=',
  '!=': '<>',
  '~~': 'like',
  '!~~': 'not like',
  '~~*': 'ilike',
  '!~~*': 'not ilike',
}

const functions: Readonly<Record<CatalogDialect, Readonly<Record<string, string>>>> = {
  sqlite: {},
  postgres: { char_length: 'length', character_length: 'length', btrim: 'trim', gen_random_uuid: 'uuid' },
  // MySQL counts bytes with `length`.
  mysql: { char_length: 'length', character_length: 'length', length: 'octet_length', lcase: 'lower', ucase: 'upper', ifnull: 'coalesce' },
}

const now = new Set(['now', 'localtimestamp', 'transaction_timestamp'])

export function wordOf(word: string): Expression {
  return { kind: 'word', word: now.has(word) ? 'current_timestamp' : word }
}

export function comparisonOf(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator: operators[operator] ?? operator, left, right }
}

const opposites: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  is: 'is not',
  'is not': 'is',
  like: 'not like',
  'not like': 'like',
  ilike: 'not ilike',
  'not ilike': 'ilike',
  and: 'or',
  or: 'and',
}

/** `not`, moved inwards as far as it goes, as MariaDB prints it. Null stays null on every way. */
export function negate(expression: Expression): Expression {
  if (expression.kind === 'unary' && expression.operator === 'not') return expression.operand
  if (expression.kind === 'in') return { ...expression, not: !expression.not }
  const opposite = expression.kind === 'binary' ? opposites[expression.operator] : undefined
  if (expression.kind !== 'binary' || opposite === undefined) return { kind: 'unary', operator: 'not', operand: expression }
  const { left, right, operator } = expression
  if (operator !== 'and' && operator !== 'or') return { ...expression, operator: opposite }
  return { kind: 'binary', operator: opposite, left: negate(left), right: negate(right) }
}

export function inList(operand: Expression, list: readonly Expression[], not: boolean): Expression {
  const [only, second] = list
  // PostgreSQL prints a list of one as a comparison.
  if (only && !second) return comparisonOf(not ? '<>' : '=', operand, only)
  return { kind: 'in', operand, not, list }
}

export function call(name: string, args: readonly Expression[], dialect: CatalogDialect): Expression {
  if (now.has(name) && args.length === 0) return wordOf('current_timestamp')
  if (name === 'curdate' && args.length === 0) return wordOf('current_date')
  const [first, ...others] = args
  if (name === 'concat' && dialect === 'mysql' && first) {
    return others.reduce<Expression>((left, right) => ({ kind: 'binary', operator: '||', left, right }), first)
  }
  return { kind: 'call', name: functions[dialect][name] ?? name, args }
}

/** The type of a column, where the reader of an expression knows it. */
export type TypeOf = (column: string) => ColumnType | undefined

const characters = ['text', 'character varying', 'bpchar', 'citext', 'text[]']
const wider: Readonly<Partial<Record<ColumnType['kind'], readonly string[]>>> = {
  string: characters,
  text: characters,
  enum: characters,
  integer: ['integer', 'bigint', 'numeric', 'double precision'],
  decimal: ['numeric', 'double precision'],
  float: ['double precision'],
}
const numeric = /^(?:smallint|integer|bigint|numeric|real|double precision)\b/

/**
 * PostgreSQL prints the casts that it adds itself: of every literal, and of columns to the type that an operator takes.
 * They look like written ones, so casts that only widen are left out, in whichever way they came.
 */
export function castTo(operand: Expression, type: string, typeOf: TypeOf | undefined): Expression {
  if (operand.kind === 'string') return numeric.test(type) ? { kind: 'number', text: operand.value } : operand
  if (operand.kind === 'number' || operand.kind === 'word') return operand
  return widens(operand, type, typeOf) ? operand : { kind: 'cast', operand, type }
}

function widens(operand: Expression, type: string, typeOf: TypeOf | undefined): boolean {
  const known = operand.kind === 'column' ? typeOf?.(operand.path.at(-1) ?? '') : undefined
  if (known) return wider[known.kind]?.includes(type) ?? false
  return characters.includes(type) || type === 'numeric' || type === 'double precision'
}
