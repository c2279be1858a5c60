import { errors } from '@covet/db'
import { Query } from './wire/exchange.ts'

const text = `select a.attname from pg_catalog.pg_constraint c, unnest(c.conkey) with ordinality k (number, place), pg_catalog.pg_attribute a
  where c.contype = 'f' and c.conname = $1 and c.conrelid = (select r.oid from pg_catalog.pg_class r
    join pg_catalog.pg_namespace n on n.oid = r.relnamespace where r.relname = $2 and n.nspname = $3)
  and a.attrelid = c.conrelid and a.attnum = k.number order by k.place`

/**
 * What asks for the columns of the key that a violation names: of a parent's row the server tells the parent's only.
 * Nothing where they are known, or where the key is not.
 */
export function columnsQuery(error: unknown): Query | undefined {
  if (!(error instanceof errors.ForeignKeyViolation) || error.columns.length > 0) return undefined
  const { constraint, table, cause } = error
  const schema = (cause as { readonly schema?: unknown } | undefined)?.schema
  if (constraint === undefined || table === undefined || typeof schema !== 'string') return undefined
  return new Query({ name: '', text, values: [constraint, table, schema], rowMode: 'array', shape: undefined, forget: [] })
}

/** The violation with the columns that were found. */
export function withColumns(
  { cause, statement, constraint, table }: errors.ForeignKeyViolation,
  { rows }: Query,
): errors.ForeignKeyViolation {
  const columns = (rows as string[][]).flatMap((row) => row)
  return new errors.ForeignKeyViolation({ cause, statement, constraint, table, columns })
}
