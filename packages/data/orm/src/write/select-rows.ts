import { sql } from 'kysely'
import type { Database } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { paddedAt, paddedSize } from '../sql/padded.ts'
import { send } from './send.ts'
import { equalsSql, names, textOf } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import { isPrimaryKey, type Writer } from './writer.ts'

const most = 64

/** Reads rows by a unique key that they share with these. Softly deleted ones have none but the primary one. */
export async function selectRows(writer: Writer, rows: readonly Row[], key: readonly WriteColumn[], database: Database): Promise<Row[]> {
  const found: Row[] = []
  for (let start = 0; start < rows.length; start += most) {
    const part = rows.slice(start, start + most)
    const size = paddedSize(part.length)
    const padded = Array.from({ length: size }, (_, index) => paddedAt(part, index) as Row)
    const text = writer.text(`select ${size} ${key.map(({ index }) => index).join()}`, () => selectText(writer, size, key, database))
    const params = padded.flatMap((row) => key.map(({ index }) => row[index]))
    found.push(...(await send(database, text, params)).rows)
  }
  return found
}

function selectText(writer: Writer, size: number, key: readonly WriteColumn[], database: Database): string {
  const { meta, columns, deletedAt } = writer
  const one = sql`(${equalsSql(key)})`
  const any = sql.join(
    Array.from({ length: size }, () => one),
    sql` or `,
  )
  const living = deletedAt && !isPrimaryKey(writer, key) ? sql` and ${sql.id(deletedAt.name)} is null` : sql``
  return textOf(sql`select ${names(columns)} from ${sql.table(meta.table)} where (${any})${living}`, database)
}
