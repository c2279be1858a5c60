import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { typeOfNode } from '../expressions/type-of-node.ts'
import { aggregateSql } from './aggregate.ts'
import { anySql } from './any.ts'
import { callSql } from './call.ts'
import { caseSql } from './case.ts'
import { comparable, needAlike, needText } from './decimals.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { differ, textSql } from './enum-types.ts'
import { embeddedSql, rawSql } from './fragments.ts'
import { inKeysSql } from './keys.ts'
import { inSql, throughSql } from './membership.ts'
import { Param } from './param.ts'
import { recursiveSql } from './recursive.ts'
import { existsSql, valueQuerySql } from './subquery.ts'
import { windowSql } from './window.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>
type Writers = { readonly [Kind in Node['kind']]: (node: Of<Kind>, context: SqlContext) => Sql }

const writers: Writers = {
  column: ({ source, column }, context) => context.rows(source).column(column),
  value: (node, context) => (node.value === null ? sql`null` : context.param(node, node.type)),
  number: ({ value }) => sql.lit(value),
  boolean: ({ value }) => sql.raw(value ? '1 = 1' : '1 = 0'),
  compare: compareSql,
  null: ({ of, negated }, context) => sql`${context.operand(of)} is ${sql.raw(negated ? 'not null' : 'null')}`,
  between: betweenSql,
  like: likeSql,
  match: matchSql,
  in: inSql,
  keys: inKeysSql,
  inQuery: inQuerySql,
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

function compareSql({ left, op, right }: Of<'compare'>, context: SqlContext): Sql {
  const sides = comparable([left, right], context, op !== '=' && op !== '!=')
  return sql.join(sides, sql.raw(` ${op === '!=' ? '<>' : op} `))
}

function betweenSql({ of, from, to }: Of<'between'>, context: SqlContext): Sql {
  const [subject, low, high] = comparable([of, from, to], context, true)
  return sql`${subject} between ${low} and ${high}`
}

function inQuerySql({ of, query, negated }: Of<'inQuery'>, context: SqlContext): Sql {
  needAlike([of, { kind: 'subquery', query }], `'in'`, context)
  const isText = differ([of, { kind: 'subquery', query } as const].map(typeOfNode), context)
  const values = valueQuerySql(query, context, { present: negated, isText })
  return sql`${isText ? textSql(of, context) : context.sql(of)} ${sql.raw(negated ? 'not in' : 'in')} ${values}`
}

function likeSql({ of, pattern, insensitive }: Of<'like'>, context: SqlContext): Sql {
  needText(of, 'like()')
  return context.dialect.like(textSql(of, context), textSql(pattern, context), insensitive)
}

function matchSql(node: Of<'match'>, context: SqlContext): Sql {
  needText(node.of, `${node.how}()`)
  const text = (encode: (value: unknown) => unknown): Sql => sql`${new Param(context.slotOf(node), encode)}`
  return context.dialect.match(textSql(node.of, context), text, node.how, node.insensitive)
}

function logicSql({ op, parts }: Of<'logic'>, context: SqlContext): Sql {
  if (parts.length === 0) return sql.raw(op === 'and' ? '1 = 1' : '1 = 0')
  return sql.join(
    parts.map((part) => context.condition(part)),
    sql.raw(` ${op} `),
  )
}
