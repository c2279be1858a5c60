import type { Database, MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import type { Sql } from '../sql/dialect.ts'
import type { Batch } from './batches.ts'
import { bulkParams, bulkText } from './bulk-text.ts'
import { keyList, rowsOfKeyList } from './key-list.ts'
import { matchRows } from './match-rows.ts'
import { sendInsert } from './send.ts'
import { returningSql } from './sql-text.ts'
import { assertStored } from './stored.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** Whether the engine counts up the key of the rows and decides nothing else. */
export function lacksKeyAlone({ counted }: Writer, { present, absent }: Batch): boolean {
  return absent.length === 1 && absent[0] === counted && present.length > 0
}

/** Whether that engine is PostgreSQL. */
export function isListed(writer: Writer, batch: Batch): boolean {
  return writer.dialect === 'postgres' && lacksKeyAlone(writer, batch)
}

/**
 * Inserts such rows. Until the server answers, what is kept of them are the lists of their columns that it was sent: rows by the
 * thousand, with which several callers wait, every collection of the young heap would copy.
 * @returns the rows complete, in their order
 */
export function insertListed(writer: Writer, { rows, present }: Batch, database: Database): MaybePromise<Row[]> {
  const counted = writer.counted as WriteColumn
  const tail = { key: `list ${counted.name}`, sql: () => returningSql([counted]), around: (insert: Sql) => keyList(insert, counted) }
  const text = bulkText(writer, present, rows.length, tail, database)
  const lists = bulkParams(writer, present, rows) as readonly (readonly unknown[])[]
  return chained(sendInsert(database, writer.tables, text, lists), (result) => {
    const keys = rowsOfKeyList(result.rows)
    assertStored(writer, keys.length, rows.length)
    const complete = rowsOfLists(writer, present, lists)
    matchRows(complete, keys, [counted], writer.primaryKey, true)
    return complete
  })
}

function rowsOfLists({ columns }: Writer, present: readonly WriteColumn[], lists: readonly (readonly unknown[])[]): Row[] {
  const empty: Row = columns.map(() => undefined)
  const indexes = present.map(({ index }) => index)
  const [first = []] = lists
  return first.map((_, at) => {
    const row = empty.slice()
    for (let list = 0; list < lists.length; list += 1) row[indexes[list] as number] = lists[list]?.[at]
    return row
  })
}
