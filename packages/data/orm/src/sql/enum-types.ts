import { sql } from 'kysely'
import { codecOf } from '../codecs/codec-of.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import { isSameNative, typeOfNode } from '../expressions/type-of-node.ts'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'

/** Whether PostgreSQL takes the values for no text: they are of an enum type of its own. */
function isNative(type: ValueType | undefined, { dialect }: SqlContext): boolean {
  return dialect.name === 'postgres' && type?.native !== undefined && type.encrypted !== true
}

/** An expression where text is wanted. */
export function textSql(node: Node, context: SqlContext): Sql {
  return asText(context.sql(node), typeOfNode(node), context)
}

/** What is written already, as text. */
export function asText(written: Sql, type: ValueType | undefined, context: SqlContext): Sql {
  return isNative(type, context) ? sql`cast(${written} as text)` : written
}

/** Values that go together: text, unless all are of one type. @param types absent of what takes the type of the others */
export function alikeSql(written: readonly Sql[], types: readonly (ValueType | undefined)[], context: SqlContext): readonly Sql[] {
  return differ(types, context) ? written.map((side, index) => asText(side, types[index], context)) : written
}

/** Whether values of these types are only alike as text. */
export function differ(types: readonly (ValueType | undefined)[], context: SqlContext): boolean {
  const [first, ...rest] = types.filter((type) => type !== undefined)
  return first !== undefined && types.some((type) => isNative(type, context)) && !rest.every((type) => isSameNative(first, type))
}

/** What a column of this field is set to: it takes nothing but its own type. */
export function assignedSql(node: Node, field: ValueType, context: SqlContext): Sql {
  const written = context.sql(node)
  const type = typeOfNode(node)
  if (node.kind === 'value' || !isNative(field, context) || (type && isSameNative(field, type))) return written
  return sql`cast(cast(${written} as text) as ${sql.raw(codecOf(field, context.dialect.name).cast ?? 'text')})`
}
