import type { Database, MaybePromise } from '@covet/db'
import { RowsLeftOut } from '../errors.ts'
import { chained } from '../maybe.ts'
import { send } from './send.ts'
import type { Writer } from './writer.ts'

/**
 * An INSERT that works need not store every row: triggers, rules and `on conflict ignore` of a table leave some out without a word,
 * and the answer does not say which.
 * @throws {RowsLeftOut}
 */
export function assertStored(writer: Writer, stored: number, given: number, database: Database): MaybePromise<void> {
  if (stored >= given) return undefined
  const { meta, dialect } = writer
  const refusal = (): Error => new RowsLeftOut(meta.name, meta.table, stored, given)
  if (dialect !== 'sqlite' || stored > 0) throw refusal()
  // SQLite counts nothing of what the triggers of a view do.
  return chained(kindsOf(meta.table, database), (kinds) => {
    if (!kinds.includes('view')) throw refusal()
  })
}

/** Whether keys that SQLite counts up for one INSERT follow on one another: triggers may store rows between them. */
export function countsAlone({ meta }: Writer, database: Database): MaybePromise<boolean> {
  return chained(kindsOf(meta.table, database), (kinds) => kinds.includes('table') && !kinds.includes('trigger'))
}

/** The table itself, or a view, and what belongs to it. Of what is not in the main database nothing is known. */
function kindsOf(table: string, database: Database): MaybePromise<readonly unknown[]> {
  const found = send(database, 'select distinct type from sqlite_schema where tbl_name = ? collate nocase', [table])
  return chained(found, ({ rows }) => rows.map(([type]) => type))
}
