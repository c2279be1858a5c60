import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import type { Source } from '../expressions/source.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import { aggregateSql } from './aggregate.ts'
import { callSql } from './call.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { From, matching } from './from.ts'
import { embeddedSql, rawSql } from './fragments.ts'
import { Param } from './param.ts'
import { recursiveSql } from './recursive.ts'
import { existsSql, valueQuerySql } from './subquery.ts'
import { caseSql, windowSql } from './window.ts'

/** The SQL of an expression. */
export function expressionSql(node: Node, context: SqlContext): Sql {
  switch (node.kind) {
    case 'column':
      return context.rows(node.source).column(node.column)
    case 'value':
      return node.value === null ? sql`null` : context.param(node, node.type)
    case 'compare':
      return sql`${expressionSql(node.left, context)} ${sql.raw(node.op === '!=' ? '<>' : node.op)} ${expressionSql(node.right, context)}`
    case 'null':
      return sql`${expressionSql(node.of, context)} is ${sql.raw(node.negated ? 'not null' : 'null')}`
    case 'in':
      return inSql(node, context)
    case 'between':
      return sql`${expressionSql(node.of, context)} between ${expressionSql(node.from, context)} and ${expressionSql(node.to, context)}`
    case 'like':
      return context.dialect.like(expressionSql(node.of, context), expressionSql(node.pattern, context), node.insensitive)
    case 'match': {
      const text = (encode: (value: unknown) => unknown): Sql => sql`${new Param(context.slotOf(node), encode)}`
      return context.dialect.match(expressionSql(node.of, context), text, node.how, node.insensitive)
    }
    case 'logic':
      return logicSql(node.op, node.parts, context)
    case 'not':
      return sql`not (${expressionSql(node.of, context)})`
    case 'boolean':
      return sql.raw(node.value ? '1 = 1' : '1 = 0')
    case 'any':
      return anySql(node.source, node.where, context)
    case 'aggregate':
      return aggregateSql(node, context)
    case 'call':
      return callSql(node, context)
    default:
      return furtherSql(node, context)
  }
}

type Further = Extract<Node, { kind: 'number' | 'through' | 'inQuery' | 'exists' | 'recursive' | 'subquery' | 'window' | 'case' | 'json' | 'raw' | 'sql' }>

function furtherSql(node: Further, context: SqlContext): Sql {
  switch (node.kind) {
    case 'number':
      return sql.lit(node.value)
    case 'inQuery':
      return sql`${expressionSql(node.of, context)} ${sql.raw(node.negated ? 'not in' : 'in')} ${valueQuerySql(node.query, context, node.negated)}`
    case 'through':
      return throughSql(node, context)
    case 'exists':
      return existsSql(node.query, context)
    case 'subquery':
      return valueQuerySql(node.query, context)
    case 'recursive':
      return recursiveSql(node, context)
    case 'window':
      return windowSql(node, context)
    case 'case':
      return caseSql(node, context)
    case 'json':
      return context.dialect.json(expressionSql(node.of, context), node.path, node.type)
    case 'raw':
      return rawSql(node, context)
    case 'sql':
      return embeddedSql(node, context)
  }
}

/** The SQL of a condition that stands beside others. */
export function conditionSql(node: Node, context: SqlContext): Sql {
  const condition = expressionSql(node, context)
  return node.kind === 'logic' ? sql`(${condition})` : condition
}

function logicSql(op: 'and' | 'or', parts: readonly Node[], context: SqlContext): Sql {
  if (parts.length === 0) return sql.raw(op === 'and' ? '1 = 1' : '1 = 0')
  return sql.join(
    parts.map((part) => conditionSql(part, context)),
    sql.raw(` ${op} `),
  )
}

function inSql(node: Extract<Node, { kind: 'in' }>, context: SqlContext): Sql {
  const of = expressionSql(node.of, context)
  const listed = listSql(of, context.slotOf(node), node.type, context)
  return node.negated ? sql`not (${listed})` : listed
}

function throughSql({ source, junction, foreign, key }: Extract<Node, { kind: 'through' }>, context: SqlContext): Sql {
  const target = context.rows(source)
  const between = context.alias()
  const far = junction.targetColumns.map((column, index) => sql`${sql.id(between, column)} = ${target.column(foreign[index] ?? { column: '' })}`)
  const near = junction.ownerColumns.map((column, index) => sql`${sql.id(between, column)} = ${expressionSql(key[index] ?? { kind: 'boolean', value: false }, context)}`)
  const mark = junction.meta?.duty('deletedAt')
  const kept = mark ? [sql`${sql.id(between, mark.column)} is null`] : []
  return sql`exists (select 1 from ${sql.table(junction.table)} as ${sql.id(between)} where ${sql.join([...far, ...near, ...kept], sql` and `)})`
}

/** `of in (…)`, for the list at a slot. */
export function listSql(of: Sql, slot: number, type: ValueType, context: SqlContext): Sql {
  const { dialect } = context
  const codec = context.codec(type)
  if (dialect.lists !== 'padded') return dialect.inList(of, slot, codec)
  const size = context.buckets.get(slot) ?? 1
  const { encode } = codec
  const params = Array.from({ length: size }, (_, index) => {
    const pick = (values: unknown): unknown => {
      const list = values as readonly unknown[]
      const value = list[Math.min(index, list.length - 1)]
      return encode ? encode(value) : value
    }
    return sql`${new Param(slot, pick)}`
  })
  return sql`${of} in (${sql.join(params, sql`, `)})`
}

/** A row of a to-many relation for which the condition holds. Always EXISTS: a join would repeat the outer row. */
function anySql(source: Source, where: Node | undefined, context: SqlContext): Sql {
  const { parent, relation } = source
  if (!parent || !relation) throw new InvalidQueryError('any() belongs to a relation.')
  const owner = context.rows(parent)
  const target = new From(relation.target, context.alias())
  const { from, on } = relatedRows(owner, target, source, context)
  return context.during(source, target, () => {
    const condition = where ? sql` and ${conditionSql(where, context)}` : sql``
    return sql`exists (select 1 from ${from()} where ${on}${condition})`
  })
}

export interface RelatedRows {
  /** What stands behind FROM. */
  readonly from: () => Sql
  /** The condition that they belong to the owner's row. */
  readonly on: Sql
  /** The same as joins behind the owner's table. */
  readonly joined: () => Sql
}

/** The rows of a relation for one row of its owner. */
export function relatedRows(owner: From, target: From, { relation }: Source, context: SqlContext): RelatedRows {
  if (!relation) throw new InvalidQueryError('Related rows belong to a relation.')
  const { junction } = relation
  if (!junction) {
    const on = matching(owner, target, relation)
    return { from: () => target.toSql(), on, joined: () => sql` inner join ${target.toSql()} on ${on}` }
  }
  const alias = context.alias()
  const between = sql`${sql.table(junction.table)} as ${sql.id(alias)}`
  const pairs = (columns: readonly string[], rows: From, keys: RelationMeta['local']): Sql =>
    sql.join(
      columns.map((column, index) => sql`${sql.id(alias, column)} = ${rows.column(keys[index] ?? { column })}`),
      sql` and `,
    )
  const far = (): Sql => sql` inner join ${target.toSql()} on ${pairs(junction.targetColumns, target, relation.foreign)}`
  const on = pairs(junction.ownerColumns, owner, relation.local)
  return { from: () => sql`${between}${far()}`, on, joined: () => sql` inner join ${between} on ${on}${far()}` }
}
