import { sql } from 'kysely'
import type { Database, MaybePromise, Result } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import { type Batch, batchesOf, statementsOf } from './batches.ts'
import { bulkParams, bulkText, type Tail } from './bulk-text.ts'
import { insertRow } from './insert.ts'
import { insertListed, isListed, lacksKeyAlone } from './insert-listed.ts'
import type { NewRow } from './row-encoder.ts'
import { matchRows } from './match-rows.ts'
import { selectRow } from './select-row.ts'
import { sendInsert } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
import { returningSql } from './sql-text.ts'
import { countsAlone, kindsOf } from './sqlite-table.ts'
import { assertChanged, assertStored } from './stored.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** Inserts rows in as few statements as the engine allows, all or none. @returns them complete, in the order given */
export function insertMany(writer: Writer, rows: readonly NewRow[], database: Database): MaybePromise<Row[]> {
  const batches = batchesOf(writer, rows)
  const statements = statementsOf(writer, batches)
  const [only] = statements
  if (only && statements.length === 1 && isListed(writer, only)) return insertListed(writer, only, database)
  return chained(insertBatches(writer, batches, statements, database), () => rows.map(({ row }) => row))
}

async function insertBatches(writer: Writer, batches: readonly Batch[], statements: readonly Batch[], database: Database): Promise<void> {
  const returns = await insertReturns(database)
  const isAsked = writer.dialect === 'sqlite' && statements.some((batch) => lacksKeyAlone(writer, batch))
  const answers = { returns, alone: isAsked && countsAlone(await kindsOf(writer.meta.table, database)) }
  const run = async (): Promise<void> => {
    for (const batch of statements) await insertBatch(writer, batch, database, answers)
    await advanceSequence(writer, batches, database)
  }
  // Without RETURNING the keys are asked for on the same connection.
  await (statements.length === 1 && returns ? run() : database.transaction(run))
}

interface Answers {
  /** INSERT can answer with rows. */
  readonly returns: boolean
  /** The last key tells those before it. */
  readonly alone: boolean
}

async function insertBatch(writer: Writer, batch: Batch, database: Database, { returns, alone }: Answers): Promise<void> {
  const { rows, present, absent } = batch
  const [first] = rows
  if (first && present.length === 0) {
    await insertRow(writer, first, database)
    return
  }
  const { counted } = writer
  if (counted && isListed(writer, batch)) {
    const complete = await insertListed(writer, batch, database)
    for (const [position, { row }] of rows.entries()) row[counted.index] = complete[position]?.[counted.index]
    return
  }
  const isCounted = counted !== undefined && absent.includes(counted)
  const asked = returns ? askedOf(writer, absent, isCounted, alone) : []
  const tail: Tail = { key: asked.map(({ name }) => name).join(), sql: () => (asked.length === 0 ? sql`` : returningSql(asked)) }
  const text = bulkText(writer, present, rows.length, tail, database)
  const result = await sendInsert(database, writer.tables, text, bulkParams(writer, present, rows))
  const plain = rows.map(({ row }) => row)
  if (asked.length > 0) {
    assertStored(writer, result.rows.length, rows.length)
    matchRows(plain, result.rows, asked, writer.primaryKey, isCounted)
    return
  }
  await assertChanged(writer, result.changes, rows.length, database)
  if (isCounted) numberRows(plain, counted, await numbersOf(result, rows.length, database))
  if (!returns && absent.length > (isCounted ? 1 : 0)) await readRows(writer, plain, database)
}

/** What the INSERT answers with. What the key does not tell apart is asked for with it. */
function askedOf(
  { counted, primaryKey }: Writer,
  absent: readonly WriteColumn[],
  isCounted: boolean,
  alone: boolean,
): readonly WriteColumn[] {
  if (absent.length === 0) return []
  if (!isCounted || counted === undefined) return [...primaryKey, ...absent]
  return alone && absent.length === 1 ? [] : [counted, ...absent.filter((column) => column !== counted)]
}

interface Numbers {
  readonly first: bigint
  readonly step: bigint
}

/** The keys of one statement are consecutive: SQLite has one writer and tells the last, MySQL takes them all at once and keeps the first. */
async function numbersOf({ lastInsertId }: Result<unknown>, count: number, database: Database): Promise<Numbers | undefined> {
  if (database.dialect === 'sqlite') {
    return lastInsertId === undefined ? undefined : { first: BigInt(lastInsertId) - BigInt(count) + 1n, step: 1n }
  }
  const { rows } = await database.execute<unknown[]>({
    text: 'select last_insert_id(), @@auto_increment_increment',
    params: [],
    rowMode: 'array',
  })
  const [first, step] = (rows[0] ?? []) as (string | number | bigint)[]
  return { first: BigInt(first ?? 0), step: BigInt(step ?? 1) }
}

function numberRows(rows: readonly Row[], { index }: WriteColumn, numbers: Numbers | undefined): void {
  if (numbers === undefined) return
  const { first, step } = numbers
  const isSafe = first >= BigInt(Number.MIN_SAFE_INTEGER) && first + step * BigInt(rows.length) <= BigInt(Number.MAX_SAFE_INTEGER)
  const start = Number(first)
  const by = Number(step)
  for (let position = 0; position < rows.length; position += 1) {
    ;(rows[position] as Row)[index] = isSafe ? start + by * position : first + step * BigInt(position)
  }
}

/** MySQL tells nothing about a row but its number. */
async function readRows(writer: Writer, rows: readonly Row[], database: Database): Promise<void> {
  for (const row of rows) for (const [index, value] of (await selectRow(writer, row, database)).entries()) row[index] = value
}
