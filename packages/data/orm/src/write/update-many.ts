import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { tablesUpdatedWith } from '../cache/written-tables.ts'
import { InvalidQueryError, InvalidValueError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { planOf, writeCompiled } from '../query/run.ts'
import { type Batch, batchOf, neighbours, statementsOf } from './batches.ts'
import { listOf } from './create-many.ts'
import { assertKnown } from './insert.ts'
import { type EncodeRow, type NewRow, rowEncoder } from './row-encoder.ts'
import { RowKeys } from './row-key.ts'
import { compileRows, RowsOp } from './rows-op.ts'
import { type Writer, writerOf } from './writer.ts'

/**
 * Writes into rows by their keys, past the hooks, all or nothing: each gets the values it is given.
 * @returns how many there were
 * @throws {InvalidValueError} {@link InvalidQueryError} {@link UnknownColumnError} {@link UndefinedValueError}
 */
export async function updateRows(meta: ModelMeta, list: unknown, named?: Database): Promise<number> {
  const values = listOf(meta, list)
  const database = databaseOf(meta, named)
  if (values.length === 0) return 0
  const writer = writerOf(meta, database)
  const encode = encoderOf(writer)
  const time = writer.time()
  const rows = values.map((row) => changedRow(writer, encode(row, time), row))
  const ordered = await inKeyOrder(writer, rows, database)
  // What each row leaves out stays; grouped any further, rows would be locked in another order.
  const runs = neighbours(ordered, (row, before) => row.set === before.set)
  const statements = statementsOf(
    // MySQL gets any number of rows in one parameter, as PostgreSQL does.
    { dialect: writer.dialect === 'mysql' ? 'postgres' : writer.dialect },
    runs.map((run) => batchOf(writer, run)),
  )
  const run = async (): Promise<number> => {
    let changed = 0
    for (const batch of statements) changed += await updateBatch(writer, batch, database)
    return changed
  }
  return statements.length === 1 ? run() : database.transaction(run)
}

const encoders = new WeakMap<Writer, EncodeRow>()

/** Checks and encodes what a row is given; what a new row would get beside that it does not, but for the time of the update. */
function encoderOf(writer: Writer): EncodeRow {
  const known = encoders.get(writer)
  if (known) return known
  const { columns, updatedAt, noColumns } = writer
  const made = rowEncoder(
    columns.map((column) => (column === updatedAt ? column : { ...column, initial: undefined })),
    noColumns,
  )
  encoders.set(writer, made)
  return made
}

function changedRow(writer: Writer, made: NewRow, values: Readonly<Record<string, unknown>>): NewRow {
  const { meta, primaryKey } = writer
  assertKnown(writer, values, made.given)
  for (const { index, where } of primaryKey) {
    const part = made.row[index]
    if (part === undefined || part === null)
      throw new InvalidValueError(where, 'updateMany() needs its value in every row: it says which row is meant.')
  }
  if (made.given === primaryKey.length)
    throw new InvalidQueryError(`A row of ${meta.name}.updateMany() names no column to write beside the key.`)
  return made
}

/** Of several with one key the last counts. Everybody locks in the same order, so that nobody waits in a circle. */
async function inKeyOrder({ primaryKey }: Writer, rows: readonly NewRow[], database: Database): Promise<readonly NewRow[]> {
  const keys = new RowKeys(primaryKey, rows.length, database)
  await keys.learn(rows.map(({ row }) => row))
  const distinct = new Map(rows.map((row) => [keys.of(row.row), row]))
  return [...distinct].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row)
}

async function updateBatch(writer: Writer, batch: Batch, database: Database): Promise<number> {
  const { meta, primaryKey } = writer
  const rows = Chain.of(meta)
  // The text casts what it is given, but not the values of a scope.
  const chain = (rows.size === 0 ? rows.with({ valuesAsGiven: true }) : rows).add(new RowsOp(writer, batch))
  const values = chain.values()
  const plan = planOf('updateMany', chain, database, values, (state, context) => compileRows(state, context, database))
  const written = batch.present.filter((column) => !primaryKey.includes(column))
  const { changes } = await writeCompiled(plan, values, chain, database, () => tablesUpdatedWith(meta, written, database))
  return changes
}
