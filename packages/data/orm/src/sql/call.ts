import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { expressionSql } from './expression.ts'

const infix: ReadonlySet<string> = new Set(['+', '-', '*', '/'])

/** Operators and functions. */
export function callSql({ name, args }: Extract<Node, { kind: 'call' }>, context: SqlContext): Sql {
  const parts = args.map((arg) => expressionSql(arg, context))
  if (!infix.has(name)) throw new InvalidQueryError(`There is no function '${name}'.`)
  return sql`(${sql.join(parts, sql.raw(` ${name} `))})`
}
