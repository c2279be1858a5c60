import type { Database, MaybePromise, Result } from '@covet/db'
import { UndefinedValueError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained, isPromise } from '../maybe.ts'
import { type InsertPlan, insertPlan } from './insert-plan.ts'
import type { NewRow } from './row-encoder.ts'
import { selectRow } from './select-row.ts'
import { sendInsert } from './send.ts'
import { advanceSequence, ownNumber } from './sequence.ts'
import { insertReturns } from './server.ts'
import { assertChanged, assertStored } from './stored.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * Checks and encodes the values of a new row.
 * @throws {UnknownColumnError} {@link InvalidValueError} {@link UndefinedValueError}
 */
export function newRow(writer: Writer, values: Values, time: Date): NewRow {
  const made = writer.encode(values, time)
  assertKnown(writer, values, made.given)
  return made
}

/** The parameters of the columns that a row gives. */
function paramsOf(row: Row, present: readonly WriteColumn[]): unknown[] {
  const params = new Array<unknown>(present.length)
  for (let index = 0; index < present.length; index += 1) params[index] = row[(present[index] as WriteColumn).index]
  return params
}

/** Inserts one row. @returns it as the driver would answer it */
export function insertRow(writer: Writer, made: NewRow, database: Database): MaybePromise<Row> {
  return chained(insertReturns(database), (returns) => runInsert(writer, made, planOf(writer, made, returns, database), database))
}

function runInsert(writer: Writer, made: NewRow, plan: InsertPlan, database: Database): MaybePromise<Row> {
  const { row } = made
  const params = paramsOf(row, plan.present)
  const send = (): MaybePromise<Result<unknown[]>> => sendInsert(database, writer.tables, plan.text, params)
  if (plan.answer === 'select') return database.transaction(async () => readBack(writer, plan, row, await send(), database))
  return chained(send(), (result) => {
    if (plan.answer === 'rows') assertStored(writer, result.rows.length, 1)
    else if (result.changes === 0) return chained(assertChanged(writer, 0, 1, database), () => untold(plan, row))
    filled(plan, row, result)
    return followed(writer, made, plan, database)
  })
}

async function readBack(writer: Writer, plan: InsertPlan, row: Row, result: Result<unknown[]>, database: Database): Promise<Row> {
  await assertChanged(writer, result.changes, 1, database)
  return selectRow(writer, filled(plan, row, result), database)
}

/** Of a view nobody tells what its triggers decided. */
function untold({ absent }: InsertPlan, row: Row): Row {
  for (const { index } of absent) row[index] = null
  return row
}

function planOf(writer: Writer, { set, row }: NewRow, returns: boolean, database: Database): InsertPlan {
  const plans = returns ? writer.inserts : writer.silentInserts
  const known = plans.get(set)
  if (known) return known
  const present = writer.columns.filter(({ index }) => row[index] !== undefined)
  const absent = writer.columns.filter(({ index }) => row[index] === undefined)
  const plan = insertPlan(writer, present, absent, database, returns)
  plans.set(set, plan)
  return plan
}

/** Puts what the engine decided into the row. */
function filled({ absent, answer }: InsertPlan, row: Row, { rows, lastInsertId }: Result<unknown[]>): Row {
  const [first] = absent
  if (answer === 'rows') for (let index = 0; index < absent.length; index += 1) row[absent[index]?.index ?? 0] = rows[0]?.[index]
  else if (answer !== 'nothing' && first && lastInsertId !== undefined) {
    const counted = absent.find((column) => column.counted)
    if (counted) row[counted.index] = lastInsertId
  }
  return row
}

function followed(writer: Writer, made: NewRow, { present }: InsertPlan, database: Database): MaybePromise<Row> {
  const { row } = made
  if (ownNumber(writer, present) === undefined) return row
  const moved = advanceSequence(writer, [{ rows: [made], present }], database)
  return isPromise(moved) ? moved.then(() => row) : row
}

/** Every value given is that of a column. */
export function assertKnown({ meta }: Writer, values: Values, given: number): void {
  let members = 0
  for (const _ in values) members += 1
  if (members === given) return
  for (const [property, value] of Object.entries(values)) {
    meta.column(property)
    if (value === undefined) throw new UndefinedValueError(`${meta.name}.${property}`)
  }
}
