import { sql } from 'kysely'
import type { Database, MaybePromise } from '@covet/db'
import { StaleObject } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import { send } from './send.ts'
import { equalsSql, names, textOf } from './sql-text.ts'
import type { Writer } from './writer.ts'

/** Reads a row again by its key, softly deleted or not. @throws {StaleObject} when it is gone */
export function selectRow(writer: Writer, row: Row, database: Database): MaybePromise<Row> {
  const { meta, columns, primaryKey } = writer
  const text = writer.text('select', () =>
    textOf(sql`select ${names(columns)} from ${sql.table(meta.table)} where ${equalsSql(primaryKey)}`, database),
  )
  return chained(
    send(
      database,
      text,
      primaryKey.map(({ index }) => row[index]),
    ),
    ({ rows: [found] }) => {
      if (found === undefined) throw new StaleObject(meta.name)
      return found
    },
  )
}
