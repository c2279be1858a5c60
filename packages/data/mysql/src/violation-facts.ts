import { errors, statementTarget, type StatementTarget } from '@covet/db'
import { interpolate } from './bind.ts'
import { callsStoredFunctions } from './statement-facts.ts'

/** What to ask the server about a violation, and what becomes of it by the answer. */
export interface Question {
  readonly sql: string
  /** @returns the violation as it was where nothing is certain */
  answered(rows: readonly unknown[]): errors.ConstraintViolation
}

interface Row {
  readonly table: string
  /** Null for an expression. */
  readonly column?: string | null
}

/**
 * The question that finds what the message of a violation leaves out. None where nothing is left out, and where the
 * statement may have written another table than the one it names.
 */
export function questionOf(error: unknown, text: string): Question | undefined {
  if (!isIncomplete(error)) return undefined
  const target = statementTarget(text)
  if (!target || callsStoredFunctions(text.slice(target.end))) return undefined
  if (error.table !== undefined && error.table.toLowerCase() !== target.table.toLowerCase()) return undefined
  return { sql: sqlOf(error, target), answered: (rows) => completed(error, rows as Row[]) }
}

function isIncomplete(error: unknown): error is errors.ConstraintViolation {
  if (error instanceof errors.UniqueViolation) return error.constraint !== undefined && error.columns.length === 0
  if (error instanceof errors.NotNullViolation) return error.table === undefined && error.columns.length === 1
  return error instanceof errors.CheckViolation && error.table === undefined && (error.constraint ?? error.columns[0]) !== undefined
}

function sqlOf(error: errors.ConstraintViolation, { schema, table }: StatementTarget): string {
  const isKey = error instanceof errors.UniqueViolation
  const looked = isKey ? keySql : error.constraint === undefined ? columnSql : checkSql
  const sql = `select ${looked} and ${onlyItself}${isKey ? ' order by seq_in_index' : ''}`
  const values = { table, name: error.constraint ?? error.columns[0], schema }
  const names = Array.from(sql.matchAll(/:(\w+)/g), ([, name]) => name as keyof typeof values)
  return interpolate(
    sql.split(/:\w+/),
    names.map((name) => values[name] ?? null),
  )
}

const place = (owner: string): string => `${owner}schema = ifnull(:schema, database()) and ${owner}name = :table`

const keySql = `table_name as \`table\`, column_name as \`column\` from information_schema.statistics
  where ${place('table_')} and index_name = :name and non_unique = 0`

const columnSql = `table_name as \`table\` from information_schema.columns where ${place('table_')} and column_name = :name
  and (select table_type from information_schema.tables where ${place('table_')}) not like '%VIEW'`

const checkSql = `table_name as \`table\` from information_schema.table_constraints
  where ${place('table_')} and constraint_name = :name and constraint_type = 'CHECK'`

/** Of the account itself: one that may read the tables of accounts sees those of all. */
const mayTrigger = `privilege_type = 'TRIGGER' and replace(grantee, '''', '') = current_user()`

/** A trigger may have written another table, and only who may make triggers sees them. */
const onlyItself = `not exists (select 1 from information_schema.triggers
    where event_object_schema = ifnull(:schema, database()) and event_object_table = :table)
  and (exists (select 1 from information_schema.user_privileges where ${mayTrigger})
    or exists (select 1 from information_schema.schema_privileges where ${mayTrigger} and ifnull(:schema, database()) like table_schema)
    or exists (select 1 from information_schema.table_privileges where ${mayTrigger} and ${place('table_')}))`

type ViolationClass = new (facts: errors.ConstraintFacts) => errors.ConstraintViolation

function completed(error: errors.ConstraintViolation, rows: readonly Row[]): errors.ConstraintViolation {
  const [row] = rows
  if (!row) return error
  const { cause, statement, constraint } = error
  const parts = rows.flatMap(({ column }) => column ?? [])
  const columns = parts.length === rows.length ? parts : error.columns
  return new (error.constructor as ViolationClass)({ cause, statement, constraint, table: row.table, columns })
}
