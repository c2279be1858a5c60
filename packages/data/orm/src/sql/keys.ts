import { sql } from 'kysely'
import type { Codec } from '../codecs/codec-of.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { jsonTuples, listedSql } from './dialects/json-lists.ts'
import { listSql } from './membership.ts'
import { paddedAt } from './padded.ts'
import { Param } from './param.ts'

type Tuples = readonly (readonly unknown[])[]

/** `(of, …) in (…)` */
export function inKeysSql(node: Extract<Node, { kind: 'keys' }>, context: SqlContext): Sql {
  return keysSql(
    node.of.map((of) => context.sql(of)),
    node.types,
    context.slotOf(node),
    context,
  )
}

/**
 * The condition that some columns are one of the keys at a slot: a list of values, or for a composite key of tuples. One
 * text for every number of keys, as far as the engine has a way.
 */
export function keysSql(columns: readonly Sql[], types: readonly ValueType[], slot: number, context: SqlContext): Sql {
  const [only, second] = columns
  const [type] = types
  if (only && type && !second) return listSql(only, slot, type, context)
  const codecs = types.map((each) => context.codec(each))
  return sql`(${sql.join(columns, sql`, `)}) in (${tuplesSql(codecs, types, slot, context)})`
}

function tuplesSql(codecs: readonly Codec[], types: readonly ValueType[], slot: number, context: SqlContext): Sql {
  switch (context.dialect.lists) {
    case 'array': {
      const lists = codecs.map(
        (codec, index) =>
          sql`${new Param(slot, (keys) => (keys as Tuples).map((key) => encoded(key[index], codec)))}::${sql.raw(codec.cast ?? 'text')}[]`,
      )
      return sql`select * from unnest(${sql.join(lists, sql`, `)})`
    }
    case 'json': {
      const parts = types.map((type, index) => listedSql(`value ->> ${index}`, type))
      return sql`select ${sql.join(parts, sql`, `)} from json_each(${new Param(slot, (keys) => jsonTuples(keys as Tuples, codecs))})`
    }
    case 'padded': {
      const size = context.buckets.get(slot) ?? 1
      const tuples = Array.from({ length: size }, (_, position) => {
        const params = codecs.map(
          (codec, index) => sql`${new Param(slot, (keys) => encoded(paddedAt(keys as Tuples, position)?.[index], codec))}`,
        )
        return sql`(${sql.join(params, sql`, `)})`
      })
      return sql.join(tuples, sql`, `)
    }
  }
}

function encoded(value: unknown, { encode }: Codec): unknown {
  return encode ? encode(value) : value
}
