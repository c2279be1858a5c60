import { createQueryId, type Expression as KyselyExpression, isExpression, PostgresQueryCompiler, type RootOperationNode } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import { condition, Expression } from './expression.ts'
import type { Node, ValueType } from './node.ts'
import { nodeOf, valueNode } from './parts.ts'
import { isSubquery } from './subquery.ts'
import { typeOfNode } from './type-of-node.ts'
import { typeOfValue } from './type-of-value.ts'

const int: ValueType = { type: 'int', nullable: false }
const datetime: ValueType = { type: 'datetime', nullable: false }
const json: ValueType = { type: 'json', nullable: true }

/** Whether the query has a row. Inside a callback it may use the columns of the query around it. */
export function exists(query: unknown): Expression {
  if (!isSubquery(query)) throw new InvalidQueryError('exists() takes a query of a model.')
  return condition({ kind: 'exists', query: query.asSubquery() })
}

/** A value as an expression. */
export function value(given: unknown): Expression {
  const type = typeOfValue(given)
  return new Expression(valueNode(given, type), type)
}

/** The time of the statement. */
export function now(): Expression {
  return new Expression({ kind: 'call', name: 'now', args: [], type: datetime }, datetime)
}

/** The number of the row within its partition, from 1. */
export function rowNumber(): Expression {
  return windowFunction('row_number', [], int)
}

/** The rank of the row within its partition, with gaps after equals. */
export function rank(): Expression {
  return windowFunction('rank', [], int)
}

/** The rank of the row within its partition, without gaps. */
export function denseRank(): Expression {
  return windowFunction('dense_rank', [], int)
}

/** The value so many rows before this one. */
export function lag(column: unknown, rows = 1): Expression {
  return offset('lag', column, rows)
}

/** The value so many rows after this one. */
export function lead(column: unknown, rows = 1): Expression {
  return offset('lead', column, rows)
}

/** The value in the first row of the frame. */
export function firstValue(column: unknown): Expression {
  return windowFunction('first_value', [nodeOf(column, 'firstValue()')], typeOf(column))
}

/** The value in the last row of the frame. */
export function lastValue(column: unknown): Expression {
  return windowFunction('last_value', [nodeOf(column, 'lastValue()')], typeOf(column))
}

/**
 * A fragment of SQL as an expression; what is interpolated is a parameter, or an expression. A query with nothing around it
 * is the value it selects, of that one's type.
 */
export function raw(strings: TemplateStringsArray, ...values: readonly unknown[]): Expression {
  if (!Array.isArray(strings) || !Object.hasOwn(strings, 'raw'))
    throw new InvalidQueryError('raw is a template tag: raw`length(${c.name})`.')
  const parts = values.map(partOf)
  const [only] = parts
  if (only?.kind === 'subquery' && strings.every((text) => text.trim() === '')) return valueOf(only)
  return new Expression({ kind: 'raw', strings: [...strings], parts }, json)
}

/** What a query selects, or nothing where it has no row. */
function valueOf(query: Node): Expression {
  return new Expression(query, { ...(typeOfNode(query) ?? json), nullable: true })
}

/** An expression of the models, a query of them, or whatever kysely makes; else a parameter. */
function partOf(part: unknown): Node {
  if (part instanceof Expression) return part.node
  if (isSubquery(part)) return { kind: 'subquery', query: part.asSubquery() }
  return isExpression(part) ? kyselyNode(part) : valueNode(part, typeOfValue(part))
}

function kyselyNode(sql: KyselyExpression<unknown>): Node {
  // Which engine's does not matter: the text only tells the structure, and the values are met in the same order.
  const { sql: text, parameters } = new PostgresQueryCompiler().compileQuery(sql.toOperationNode() as RootOperationNode, createQueryId())
  return { kind: 'sql', sql, text, values: parameters }
}

function typeOf(column: unknown): ValueType {
  return column instanceof Expression ? column.type : json
}

function offset(name: 'lag' | 'lead', column: unknown, rows: number): Expression {
  if (!Number.isSafeInteger(rows) || rows < 0) throw new InvalidQueryError(`${name}() takes a whole number of rows, 0 or more.`)
  return windowFunction(name, [nodeOf(column, `${name}()`), { kind: 'number', value: rows }], { ...typeOf(column), nullable: true })
}

function windowFunction(name: string, args: readonly Node[], type: ValueType): Expression {
  return new Expression({ kind: 'call', name, args, type }, type)
}
