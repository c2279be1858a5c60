import type BetterSqlite from 'better-sqlite3'
import { statementTarget } from '@covet/db'
import { isSameName } from '../introspect/same-names.ts'
import { hasTriggers, referencesIn, sqlOf, type StoredReference, type StoredTable, tablesCalled } from './stored.ts'

/** The only table a statement can have written, and the foreign keys it can have violated by that. */
export interface Written {
  readonly table: StoredTable
  readonly references: readonly StoredReference[]
}

interface Effects {
  readonly deletes: boolean
  readonly updates: boolean
}

const harmless: ReadonlySet<string> = new Set(['NO ACTION', 'RESTRICT'])

/** Undefined where it may have written another one too, by a trigger or by what foreign keys do. */
export function writtenBy(db: BetterSqlite.Database, text: string): Written | undefined {
  const target = statementTarget(text)
  const [table, namesake] = target ? tablesCalled(db, target.table, target.schema) : []
  if (!target || table?.type !== 'table' || namesake || hasTriggers(db, table)) return undefined
  const { deletes, updates } = effectsOf(target.verb, text, sqlOf(db, table))
  const references = referencesIn(db, table.schema)
  const own = target.verb === 'delete' ? [] : references.filter((key) => isSameName(key.table, table.name))
  const referring = deletes || updates ? references.filter((key) => isSameName(key.target, table.name)) : []
  const spreads = referring.some(({ onDelete, onUpdate }) => (deletes && !harmless.has(onDelete)) || (updates && !harmless.has(onUpdate)))
  return spreads ? undefined : { table, references: [...new Set([...own, ...referring])] }
}

/** An insert deletes where it, or a constraint of the table, replaces what is in its way. */
function effectsOf(verb: string, text: string, sql: string): Effects {
  return {
    deletes: verb === 'delete' || /\breplace\b/i.test(text) || /\bon\s+conflict\s+replace\b/i.test(sql),
    updates: verb === 'update' || /\bupdate\b/i.test(text),
  }
}
