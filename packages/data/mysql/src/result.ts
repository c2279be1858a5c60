import type { Result, RowMode } from '@covet/db'
import type { StatementFacts } from './statement-facts.ts'
import { type Row, rowReader } from './read.ts'
import type { Reply } from './wire.ts'

/** Of these MariaDB can give the rows back: RETURNING. */
const returningVerbs: ReadonlySet<string> = new Set(['insert', 'replace', 'delete', 'update'])

export function toResult({ rows, fields, headers }: Reply, { verb, inserts }: StatementFacts, rowMode: RowMode): Result<unknown> {
  if (fields) {
    const read = rowReader(fields, rowMode)
    if (read) for (const row of rows) read(row as Row)
  }
  const header = headers.at(-1)
  if (!header) return { rows, changes: returningVerbs.has(verb) ? rows.length : 0 }
  const { affectedRows: changes, insertId } = header
  // Of several rows the server tells the first key, and the others do not have to follow it.
  if (!inserts || changes !== 1 || insertId === 0) return { rows, changes }
  return { rows, changes, lastInsertId: typeof insertId === 'string' ? BigInt(insertId) : insertId }
}
