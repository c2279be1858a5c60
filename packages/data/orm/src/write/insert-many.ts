import { sql } from 'kysely'
import type { Database } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { bulkParams, bulkText, type Tail } from './bulk-text.ts'
import { chunkSizes } from './chunks.ts'
import { insertRow, type NewRow } from './insert.ts'
import { matchRows } from './match-rows.ts'
import { selectRow } from './select-row.ts'
import { sendWrite } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
import { returningSql } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import type { ColumnSet, Writer } from './writer.ts'

/** Rows that give the same columns. */
interface Batch {
  readonly rows: NewRow[]
  readonly present: readonly WriteColumn[]
  readonly absent: readonly WriteColumn[]
}

/** Inserts rows in as few statements as the engine allows, all or none, and completes them. */
export async function insertMany(writer: Writer, rows: readonly NewRow[], database: Database): Promise<void> {
  const batches = batchesOf(writer, rows)
  const returns = await insertReturns(database)
  const statements = batches.flatMap((batch) => cut(batch, writer.dialect))
  const run = async (): Promise<void> => {
    for (const batch of statements) await insertBatch(writer, batch, database, returns)
    await followSequence(writer, rows, batches, database)
  }
  await (statements.length === 1 ? run() : database.transaction(run))
}

function batchesOf({ columns }: Writer, rows: readonly NewRow[]): readonly Batch[] {
  const batches = new Map<ColumnSet, Batch>()
  for (const row of rows) {
    const known = batches.get(row.set)
    if (known) known.rows.push(row)
    else {
      const isGiven = ({ index }: WriteColumn): boolean => row.row[index] !== undefined
      batches.set(row.set, { rows: [row], present: columns.filter(isGiven), absent: columns.filter((column) => !isGiven(column)) })
    }
  }
  return [...batches.values()]
}

function cut(batch: Batch, dialect: string): readonly Batch[] {
  // A row without any value has no list of them.
  if (batch.present.length === 0) return batch.rows.map((row) => ({ ...batch, rows: [row] }))
  let start = 0
  return chunkSizes(batch.rows.length, batch.present.length, dialect).map((size) => {
    start += size
    return { ...batch, rows: batch.rows.slice(start - size, start) }
  })
}

async function insertBatch(writer: Writer, batch: Batch, database: Database, returns: boolean): Promise<void> {
  const { rows, present, absent } = batch
  const [first] = rows
  if (first && present.length === 0) {
    await insertRow(writer, first, database)
    return
  }
  const { counted, primaryKey, dialect } = writer
  const isCounted = counted !== undefined && absent.includes(counted)
  const isOnlyId = isCounted && absent.length === 1
  // What the key does not tell apart is asked for with it.
  const asked =
    absent.length === 0 || !returns || (isOnlyId && dialect === 'sqlite')
      ? []
      : isCounted
        ? [counted, ...absent.filter((column) => column !== counted)]
        : [...primaryKey, ...absent]
  const tail: Tail = { key: asked.map(({ name }) => name).join(), sql: () => (asked.length === 0 ? sql`` : returningSql(asked)) }
  const text = bulkText(writer, present, rows.length, tail, database)
  const result = await sendWrite(database, writer.meta.table, text, bulkParams(writer, present, rows))
  const plain = rows.map(({ row }) => row)
  if (asked.length > 0) matchRows(plain, result.rows, asked, primaryKey, isCounted)
  else if (isCounted && result.lastInsertId !== undefined) await numberRows(plain, counted, BigInt(result.lastInsertId), database)
  if (!returns && absent.length > (isCounted ? 1 : 0)) await readRows(writer, plain, database)
}

/** The keys of one statement are consecutive: SQLite has one writer, MySQL takes them all at once and tells the first. */
async function numberRows(rows: readonly Row[], { index }: WriteColumn, told: bigint, database: Database): Promise<void> {
  const isSqlite = database.dialect === 'sqlite'
  const step = isSqlite ? 1n : await incrementOf(database)
  const first = isSqlite ? told - BigInt(rows.length) + 1n : told
  const isSafe = first + step * BigInt(rows.length) <= BigInt(Number.MAX_SAFE_INTEGER)
  for (const [position, row] of rows.entries()) {
    row[index] = isSafe ? Number(first) + Number(step) * position : first + step * BigInt(position)
  }
}

async function incrementOf(database: Database): Promise<bigint> {
  const { rows } = await database.execute<unknown[]>({ text: 'select @@auto_increment_increment', params: [], rowMode: 'array' })
  return BigInt(rows[0]?.[0] as number)
}

/** MySQL tells nothing about a row but its number. */
async function readRows(writer: Writer, rows: readonly Row[], database: Database): Promise<void> {
  for (const row of rows) for (const [index, value] of (await selectRow(writer, row, database)).entries()) row[index] = value
}

async function followSequence(writer: Writer, rows: readonly NewRow[], batches: readonly Batch[], database: Database): Promise<void> {
  const { counted, dialect } = writer
  if (dialect !== 'postgres' || !counted || batches.every(({ absent }) => absent.includes(counted))) return
  await advanceSequence(
    writer,
    counted,
    rows.map(({ row }) => row),
    database,
  )
}
