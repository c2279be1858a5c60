import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { aggregateSql } from './aggregate.ts'
import { anySql } from './any.ts'
import { callSql } from './call.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { embeddedSql, rawSql } from './fragments.ts'
import { inSql, throughSql } from './membership.ts'
import { Param } from './param.ts'
import { recursiveSql } from './recursive.ts'
import { existsSql, valueQuerySql } from './subquery.ts'
import { caseSql, windowSql } from './window.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>
type Writers = { readonly [Kind in Node['kind']]: (node: Of<Kind>, context: SqlContext) => Sql }

const writers: Writers = {
  column: ({ source, column }, context) => context.rows(source).column(column),
  value: (node, context) => (node.value === null ? sql`null` : context.param(node, node.type)),
  number: ({ value }) => sql.lit(value),
  boolean: ({ value }) => sql.raw(value ? '1 = 1' : '1 = 0'),
  compare: ({ left, op, right }, context) => sql`${context.sql(left)} ${sql.raw(op === '!=' ? '<>' : op)} ${context.sql(right)}`,
  null: ({ of, negated }, context) => sql`${context.sql(of)} is ${sql.raw(negated ? 'not null' : 'null')}`,
  between: ({ of, from, to }, context) => sql`${context.sql(of)} between ${context.sql(from)} and ${context.sql(to)}`,
  like: ({ of, pattern, insensitive }, context) => context.dialect.like(context.sql(of), context.sql(pattern), insensitive),
  match: matchSql,
  in: inSql,
  inQuery: ({ of, query, negated }, context) =>
    sql`${context.sql(of)} ${sql.raw(negated ? 'not in' : 'in')} ${valueQuerySql(query, context, negated)}`,
  logic: logicSql,
  not: ({ of }, context) => sql`not (${context.sql(of)})`,
  any: anySql,
  through: throughSql,
  exists: ({ query }, context) => existsSql(query, context),
  subquery: ({ query }, context) => valueQuerySql(query, context),
  recursive: recursiveSql,
  aggregate: aggregateSql,
  window: windowSql,
  call: callSql,
  case: caseSql,
  json: ({ of, path, type }, context) => context.dialect.json(context.sql(of), path, type),
  raw: rawSql,
  sql: embeddedSql,
}

/** The SQL of an expression. */
export function expressionSql(node: Node, context: SqlContext): Sql {
  // The table has a writer for exactly this kind of node, which the compiler cannot follow through the lookup.
  return (writers[node.kind] as (node: Node, context: SqlContext) => Sql)(node, context)
}

function matchSql(node: Of<'match'>, context: SqlContext): Sql {
  const text = (encode: (value: unknown) => unknown): Sql => sql`${new Param(context.slotOf(node), encode)}`
  return context.dialect.match(context.sql(node.of), text, node.how, node.insensitive)
}

function logicSql({ op, parts }: Of<'logic'>, context: SqlContext): Sql {
  if (parts.length === 0) return sql.raw(op === 'and' ? '1 = 1' : '1 = 0')
  return sql.join(
    parts.map((part) => context.condition(part)),
    sql.raw(` ${op} `),
  )
}
