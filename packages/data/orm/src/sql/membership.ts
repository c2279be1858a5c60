import { sql } from 'kysely'
import type { Node, ValueType } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { paddedAt } from './padded.ts'
import { Param } from './param.ts'

/** `of in (…)` and `of not in (…)`. */
export function inSql(node: Extract<Node, { kind: 'in' }>, context: SqlContext): Sql {
  const of = context.operand(node.of)
  const listed = listSql(of, context.slotOf(node), node.type, context)
  return node.negated ? sql`not (${listed})` : listed
}

/**
 * A row of a junction joins the rows of a source with a key. As a list of keys, which engines go through by the junction's
 * index; of EXISTS SQLite would look at every row of the source.
 */
export function throughSql({ source, junction, foreign, key }: Extract<Node, { kind: 'through' }>, context: SqlContext): Sql {
  const target = context.rows(source)
  const between = context.alias()
  const own = foreign.map((column) => target.column(column))
  const far = junction.targetColumns.map((column) => sql.id(between, column))
  const near = junction.ownerColumns.map(
    (column, index) => sql`${sql.id(between, column)} = ${context.sql(key[index] ?? { kind: 'boolean', value: false })}`,
  )
  const mark = junction.meta?.duty('deletedAt')
  const kept = mark ? [sql`${sql.id(between, mark.column)} is null`] : []
  const keys = sql`select ${sql.join(far)} from ${sql.table(junction.table)} as ${sql.id(between)} where ${sql.join([...near, ...kept], sql` and `)}`
  return own.length === 1 ? sql`${sql.join(own)} in (${keys})` : sql`(${sql.join(own)}) in (${keys})`
}

/** `of in (…)`, for the list at a slot. */
export function listSql(of: Sql, slot: number, type: ValueType, context: SqlContext): Sql {
  const { dialect } = context
  const codec = context.codec(type)
  if (dialect.lists !== 'padded') return dialect.inList(of, slot, codec, type)
  const size = context.buckets.get(slot) ?? 1
  const { encode } = codec
  const params = Array.from({ length: size }, (_, index) => {
    const pick = (values: unknown): unknown => {
      const value = paddedAt(values as readonly unknown[], index)
      return encode ? encode(value) : value
    }
    return context.jsonValue(sql`${new Param(slot, pick)}`, type)
  })
  return sql`${of} in (${sql.join(params, sql`, `)})`
}
