import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError, InvalidValueError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { bulkParams, bulkText } from './bulk-text.ts'
import { chunkSizes } from './chunks.ts'
import { listOf } from './create-many.ts'
import { newRow } from './insert.ts'
import type { NewRow } from './row-encoder.ts'
import { RowKeys } from './row-key.ts'
import { selectRows } from './select-rows.ts'
import { sendInsert } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
import { type UpsertRequest, type UpsertTarget, upsertTarget } from './upsert-options.ts'
import { upsertTail } from './upsert-tail.ts'
import type { WriteColumn } from './write-column.ts'
import { type Writer, writerOf } from './writer.ts'

/** A row that was found to exist can be deleted before it is read; then it is inserted again. */
const attempts = 3

/** Stores rows, or writes into those with the same key. @returns instances of all of them in the order given */
export async function upsertInstances(
  meta: ModelMeta,
  values: unknown,
  options: UpsertRequest | undefined,
  named?: Database,
): Promise<object[]> {
  const list = listOf(meta, Array.isArray(values) ? values : [values])
  const database = databaseOf(meta, named)
  const writer = writerOf(meta, database)
  if (options === undefined) throw new InvalidQueryError(`${meta.name}.upsert() needs the columns of a unique key: { on: ['email'] }.`)
  const target = upsertTarget(
    writer,
    options,
    list.some((row) => writer.primaryKey.some(({ property }) => row[property] !== undefined)),
  )
  if (list.length === 0) return []
  const time = writer.time()
  const rows = list.map((row) => newRow(writer, row, time))
  for (const { row } of rows) assertKey(target, row)
  const rowKeys = new RowKeys(target.on, rows.length, database)
  await rowKeys.learn(rows.map(({ row }) => row))
  const keys = rows.map(({ row }) => rowKeys.of(row))
  // Of several with one key the last counts. Everybody locks in the same order, so that nobody waits in a circle.
  const distinct = [...new Map(keys.map((key, index) => [key, rows[index] as NewRow]))].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )
  const given = new Set(list.flatMap((row) => Object.keys(row)))
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
  readonly given: ReadonlySet<string>
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
  const run = async (): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const missing = [...rows].filter(([key]) => !stored.has(key)).map(([, row]) => row)
      if (missing.length === 0) return
      if (attempt > attempts)
        throw new InvalidQueryError(`${writer.meta.name}.upsert(): rows with these keys are deleted as fast as they are found.`)
      for (const batch of batchesOf(upsert, missing)) await note(await insertBatch(upsert, batch, returns))
      await note(
        await selectRows(
          writer,
          [...rows].filter(([key]) => !stored.has(key)).map(([, { row }]) => row),
          target.on,
          database,
        ),
      )
    }
  }
  await database.transaction(run)
  await followSequence(upsert, rows)
  return stored
}

interface Batch {
  readonly rows: readonly NewRow[]
  readonly present: readonly WriteColumn[]
}

function batchesOf({ writer }: Upsert, rows: readonly NewRow[]): readonly Batch[] {
  return Map.groupBy(rows, ({ set }) => set)
    .values()
    .flatMap((alike) => {
      const present = writer.columns.filter(({ index }) => alike[0]?.row[index] !== undefined)
      let start = 0
      return chunkSizes(alike.length, present.length, writer.dialect).map((size) => ({
        rows: alike.slice((start += size) - size, start),
        present,
      }))
    })
    .toArray()
}

async function insertBatch({ writer, target, given, database }: Upsert, { rows, present }: Batch, returns: boolean): Promise<Row[]> {
  const tail = upsertTail(writer, target, updated(writer, target, given, present), returns)
  const result = await sendInsert(
    database,
    writer.meta.table,
    bulkText(writer, present, rows.length, tail, database),
    bulkParams(writer, present, rows),
  )
  return result.rows
}

/** What an existing row gets. */
function updated(
  writer: Writer,
  { on, update }: UpsertTarget,
  given: ReadonlySet<string>,
  present: readonly WriteColumn[],
): readonly WriteColumn[] {
  const { primaryKey, createdAt, updatedAt, version } = writer
  const wanted =
    update ??
    present.filter((column) => given.has(column.property) && !on.includes(column) && !primaryKey.includes(column) && column !== createdAt)
  const columns = wanted.filter((column) => present.includes(column) && column !== version)
  return columns.length > 0 && updatedAt && !columns.includes(updatedAt) ? [...columns, updatedAt] : columns
}

async function followSequence({ writer, database }: Upsert, rows: ReadonlyMap<string, NewRow>): Promise<void> {
  const { counted, dialect } = writer
  if (dialect !== 'postgres' || !counted) return
  const numbered = [...rows.values()].map(({ row }) => row).filter((row) => row[counted.index] !== undefined)
  if (numbered.length > 0) await advanceSequence(writer, counted, numbered, database)
}
