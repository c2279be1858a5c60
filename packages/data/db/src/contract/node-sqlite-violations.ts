import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import * as errors from '../errors.ts'
import type { ConstraintFacts } from '../errors/statement-errors.ts'
import { statementTarget } from '../statement-target.ts'

interface Failure {
  readonly cause: Error
  readonly statement: string | undefined
}

type Facts = Pick<ConstraintFacts, 'columns' | 'constraint' | 'table'>

/** The violation that the message tells of, if it is of one. */
export function violationOf(db: DatabaseSync, failure: Failure): errors.ConstraintViolation | undefined {
  const [, kind, failed = ''] = /^(\w[\w ]*) constraint failed:? ?(.*)$/.exec(failure.cause.message) ?? []
  switch (kind) {
    case 'UNIQUE':
      return new errors.UniqueViolation({ ...failure, ...uniqueFacts(db, failed) })
    case 'NOT NULL':
      return new errors.NotNullViolation({ ...failure, ...pathFacts(failed) })
    case 'FOREIGN KEY':
      return new errors.ForeignKeyViolation({ ...failure, ...referenceFacts(db, failure.statement) })
    case 'CHECK':
      return new errors.CheckViolation({ ...failure, constraint: failed, table: tableOfCheck(db, failure.statement, failed) })
    default:
      return undefined
  }
}

/** From `notes.a, notes.b`. */
function pathFacts(failed: string): { table: string; columns: string[] } {
  const paths = failed.split(', ').map((path) => path.split('.'))
  return { table: paths[0]?.[0] ?? '', columns: paths.map(([, column = '']) => column) }
}

function uniqueFacts(db: DatabaseSync, failed: string): Facts {
  const facts = pathFacts(failed)
  return { ...facts, constraint: nameBefore(db, facts.table, `unique${listOf(facts.columns)}`) }
}

/** The written table: a trigger may have written another. */
function tableOfCheck(db: DatabaseSync, text: string | undefined, constraint: string): string | undefined {
  const table = hasTriggers(db) ? undefined : statementTarget(text ?? '')?.table
  return table !== undefined && nameBefore(db, table, 'check', escaped(constraint)) !== undefined ? table : undefined
}

/** The only key on either side of the written table, if it has no more of them, and none that writes. */
function referenceFacts(db: DatabaseSync, text: string | undefined): Facts {
  const target = hasTriggers(db) ? undefined : statementTarget(text ?? '')
  if (!target) return {}
  const keys = ask<{ child: string; column: string; action: string }>(
    db,
    `select t.name as child, group_concat(f."from", ',') as "column", max(f.on_delete || ' ' || f.on_update) as action
     from pragma_table_list t, pragma_foreign_key_list(t.name) f where t.schema = 'main' and (t.name = ? or f."table" = ?)
     group by t.name, f.id`,
    target.table,
    target.table,
  )
  const [key] = keys
  if (!key || keys.length > 1 || /CASCADE|SET/.test(key.action)) return {}
  const columns = key.column.split(',')
  return { table: key.child, columns, constraint: nameBefore(db, key.child, String.raw`foreign\s+key${listOf(columns)}`) }
}

function hasTriggers(db: DatabaseSync): boolean {
  return ask(db, "select 1 from sqlite_schema where type = 'trigger'").length > 0
}

/** The name that a CREATE TABLE gives to a constraint. */
function nameBefore(db: DatabaseSync, table: string, constraint: string, name = String.raw`\w+`): string | undefined {
  const [stored] = ask<{ sql: string }>(db, "select sql from sqlite_schema where type = 'table' and name = ?", table)
  return new RegExp(String.raw`\bconstraint\s+(${name})\s+${constraint}`, 'i').exec(stored?.sql ?? '')?.[1]
}

function listOf(columns: readonly string[]): string {
  return String.raw`\s*\(\s*${columns.map(escaped).join(String.raw`\s*,\s*`)}\s*\)`
}

function escaped(name: string): string {
  return name.replace(/[^\w\s]/g, String.raw`\$&`)
}

function ask<Row>(db: DatabaseSync, sql: string, ...params: SQLInputValue[]): Row[] {
  return db.prepare(sql).all(...params) as Row[]
}
