import type { Database, MaybePromise } from '@covet/db'
import { RowsLeftOut } from '../errors.ts'
import { chained } from '../maybe.ts'
import { kindsOf } from './sqlite-table.ts'
import type { Writer } from './writer.ts'

/**
 * An INSERT that works need not store every row: triggers, rules and `on conflict ignore` of a table leave some out without a word.
 * @param stored as many rows as it answered with, or said to have changed
 * @throws {RowsLeftOut}
 */
export function assertStored(writer: Writer, stored: number, given: number): void {
  if (stored < given) throw new RowsLeftOut(writer.meta.name, writer.meta.table, stored, given)
}

/** The same of the changes of one INSERT without RETURNING. */
export function assertChanged(writer: Writer, changes: number, given: number, database: Database): MaybePromise<void> {
  if (changes > 0 || writer.dialect !== 'sqlite') return assertStored(writer, changes, given)
  // SQLite counts nothing of what the triggers of a view do, which may be in a database that is attached.
  return chained(kindsOf(writer.meta.table, database), (kinds) => {
    if (kinds.has('table') || kinds.has('virtual')) assertStored(writer, changes, given)
  })
}
