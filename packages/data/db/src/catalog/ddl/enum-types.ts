import type { Database } from '../../database.ts'
import { quoteString } from '../default.ts'
import { EnumTypeDiffersError, SchemaUnsupportedError } from '../errors.ts'
import { typeNameSql } from '../type-name.ts'
import type { Catalog } from '../types.ts'

/**
 * The values of the enum types of PostgreSQL that the columns have, by their names in SQL.
 * @throws {SchemaUnsupportedError} when two columns give one type other values
 */
export function enumTypes({ tables }: Catalog): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { type: own } of tables.flatMap(({ columns }) => columns)) {
    const type = own.kind === 'array' ? own.of : own
    if (type.kind !== 'enum' || type.name === undefined) continue
    const name = typeNameSql({ ...type, name: type.name })
    if (!isSame(found.get(name) ?? type.values, type.values))
      throw new SchemaUnsupportedError(
        'PostgreSQL',
        `enum type with two lists of values (${name})`,
        'Give all columns of the type the same values in the same order.',
      )
    found.set(name, type.values)
  }
  return found
}

export function createEnumType(name: string, values: readonly string[]): string {
  return `create type ${name} as enum (${values.map((value) => quoteString(value, 'postgres')).join(', ')})`
}

/**
 * The statements for enum types that are there already.
 * @throws {EnumTypeDiffersError} when one of them has other values
 */
export async function enumTypesThere(db: Database, catalog: Catalog): Promise<ReadonlySet<string>> {
  const there = new Set<string>()
  if (db.dialect !== 'postgres') return there
  for (const [name, values] of enumTypes(catalog)) {
    const found = await db.sql.first<{ labels: string | null }>`
      select json_agg(enumlabel order by enumsortorder)::text as labels from pg_catalog.pg_enum where enumtypid = to_regtype(${name})`
    if (!found || found.labels === null) continue
    const labels = JSON.parse(found.labels) as readonly string[]
    if (!isSame(labels, values)) throw new EnumTypeDiffersError(name, labels, values)
    there.add(createEnumType(name, values))
  }
  return there
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index])
}
