import { sql } from 'kysely'
import type { Database, MaybePromise } from '@covet/db'
import { StaleObject } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import { sendDelete } from './send.ts'
import { equalsSql, textOf } from './sql-text.ts'
import type { Writer } from './writer.ts'

/** Deletes one row for good. @throws {StaleObject} when it is gone, or was written by somebody else since */
export function deleteRow(writer: Writer, row: Row, database: Database): MaybePromise<void> {
  const { meta, primaryKey, version } = writer
  const guards = version ? [...primaryKey, version] : primaryKey
  const text = writer.text('delete', () => textOf(sql`delete from ${sql.table(meta.table)} where ${equalsSql(guards)}`, database))
  return chained(
    sendDelete(
      database,
      meta,
      text,
      guards.map(({ index }) => row[index]),
    ),
    ({ changes }) => {
      if (changes === 0) throw new StaleObject(meta.name)
    },
  )
}
