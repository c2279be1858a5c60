import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { tablesUpdatedWith } from '../cache/written-tables.ts'
import { InvalidQueryError, InvalidValueError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { UpsertOptions } from '../types/model-static.ts'
import { type Batch, batchOf, neighbours, statementsOf } from './batches.ts'
import { bulkParams, bulkText } from './bulk-text.ts'
import { listOf } from './create-many.ts'
import { newRow } from './insert.ts'
import { withNulls } from './null-columns.ts'
import type { NewRow } from './row-encoder.ts'
import { RowKeys } from './row-key.ts'
import { selectRows } from './select-rows.ts'
import { sendInsert } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
import { type UpsertTarget, upsertTarget } from './upsert-options.ts'
import { upsertTail } from './upsert-tail.ts'
import type { WriteColumn } from './write-column.ts'
import { type ColumnSet, type Writer, writerOf } from './writer.ts'

type Values = Readonly<Record<string, unknown>>

/** A row that was found to exist can be deleted before it is read; then it is inserted again. */
const attempts = 3

/** Stores rows, or writes into those with the same key. @returns instances of all of them in the order given */
export async function upsertInstances(
  meta: ModelMeta,
  values: unknown,
  options: UpsertOptions<string> | undefined,
  named?: Database,
): Promise<object[]> {
  const list = listOf(meta, Array.isArray(values) ? values : [values])
  const database = databaseOf(meta, named)
  const writer = writerOf(meta, database)
  const target = upsertTarget(
    writer,
    options,
    list.some((row) => writer.primaryKey.some(({ property }) => row[property] !== undefined)),
    database,
  )
  if (list.length === 0) return []
  const time = writer.time()
  const made = list.map((row) => newRow(writer, row, time))
  // Without a list of columns a row writes what it gives, and others cannot share its statement anyway.
  const rows = target.update ? withNulls(writer, made, target.update) : made
  for (const { row } of rows) assertKey(target, row)
  const rowKeys = new RowKeys(target.on, rows.length, database)
  await rowKeys.learn(rows.map(({ row }) => row))
  const keys = rows.map(({ row }) => rowKeys.of(row))
  // Of several with one key the last counts. Everybody locks in the same order, so that nobody waits in a circle.
  const distinct = [...new Map(keys.map((key, index) => [key, rows[index] as NewRow]))].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )
  const given = new Map(rows.map((row, index) => [row, list[index] as Values]))
  const stored = await store(new Map(distinct), { writer, target, rowKeys, given, database })
  const order = [...stored.keys()]
  const instances = writer.hydrate([...stored.values()], database)
  const byKey = new Map(order.map((key, index) => [key, instances[index] as object]))
  return keys.map((key) => byKey.get(key) as object)
}

interface Upsert {
  readonly writer: Writer
  readonly target: UpsertTarget
  readonly rowKeys: RowKeys
  /** What each row was given, without what defaults put in. */
  readonly given: ReadonlyMap<NewRow, Values>
  readonly database: Database
}

function assertKey({ on }: UpsertTarget, row: Row): void {
  for (const { index, where } of on) {
    if (row[index] === undefined || row[index] === null)
      throw new InvalidValueError(where, 'upsert() needs its value in every row: it decides whether the row exists.')
  }
}

async function store(rows: ReadonlyMap<string, NewRow>, upsert: Upsert): Promise<ReadonlyMap<string, Row>> {
  const { writer, target, rowKeys, database } = upsert
  const returns = await insertReturns(database)
  const stored = new Map<string, Row>()
  const note = async (found: readonly Row[]): Promise<void> => {
    await rowKeys.learn(found)
    for (const row of found) stored.set(rowKeys.of(row), row)
  }
  const missing = (): readonly NewRow[] => [...rows].filter(([key]) => !stored.has(key)).map(([, row]) => row)
  const all = batchesToWrite(upsert, missing())
  const run = async (): Promise<void> => {
    let batches = all
    for (let attempt = 1; batches.length > 0; attempt += 1) {
      if (attempt > attempts)
        throw new InvalidQueryError(`${writer.meta.name}.upsert(): rows with these keys are deleted as fast as they are found.`)
      for (const batch of statementsOf(writer, batches)) await note(await insertBatch(upsert, batch, returns))
      const found = await selectRows(
        writer,
        missing().map(({ row }) => row),
        target.on,
        database,
      )
      await note(found)
      batches = batchesToWrite(upsert, missing())
    }
  }
  await database.transaction(run)
  await advanceSequence(writer, all, database)
  return stored
}

/** Neighbours that give the same columns, and write the same into a row that exists: grouped any further, they would be locked in another order. */
function batchesToWrite({ writer, target, given }: Upsert, rows: readonly NewRow[]): readonly Batch[] {
  const sets = new Map(rows.map((row) => [row, target.update ? row.set : givenSet(writer, given.get(row))]))
  const runs = neighbours(rows, (row, before) => row.set === before.set && sets.get(row) === sets.get(before))
  return runs.map((run) => batchOf(writer, run))
}

function givenSet({ columns, noColumns }: Writer, values: Values | undefined): ColumnSet {
  let set = noColumns
  for (const { property, mark } of columns) if (values?.[property] !== undefined) set = (set as number) + (mark as number)
  return set
}

async function insertBatch({ writer, target, given, database }: Upsert, { rows, present }: Batch, returns: boolean): Promise<Row[]> {
  const update = updated(writer, target, given.get(rows[0] as NewRow), present)
  const tail = upsertTail(writer, target, update, returns)
  const result = await sendInsert(
    database,
    tablesUpdatedWith(writer.meta, update, database),
    bulkText(writer, present, rows.length, tail, database),
    bulkParams(writer, present, rows),
  )
  return result.rows
}

/** What an existing row gets. */
function updated(
  writer: Writer,
  { on, update }: UpsertTarget,
  given: Values = {},
  present: readonly WriteColumn[],
): readonly WriteColumn[] {
  const { primaryKey, createdAt, updatedAt, version } = writer
  const wanted =
    update ??
    present.filter(
      (column) => given[column.property] !== undefined && !on.includes(column) && !primaryKey.includes(column) && column !== createdAt,
    )
  const columns = wanted.filter((column) => present.includes(column) && column !== version)
  return columns.length > 0 && updatedAt && !columns.includes(updatedAt) ? [...columns, updatedAt] : columns
}
