import type { Database, MaybePromise, Result } from '@covet/db'
import { UndefinedValueError, UnknownColumnError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained, isPromise } from '../maybe.ts'
import { type InsertPlan, insertPlan } from './insert-plan.ts'
import type { NewRow } from './row-encoder.ts'
import { selectRow } from './select-row.ts'
import { sendInsert } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
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

/** The same of an instance, which has more than its columns. What the engine computes is as it was read. */
export function newRowOf(writer: Writer, instance: object, time: Date): NewRow {
  const values: Record<string, unknown> = {}
  for (const { property, field } of writer.columns) if (!field.generated) values[property] = (instance as Values)[property]
  return writer.encode(values, time)
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

function runInsert(writer: Writer, { row }: NewRow, plan: InsertPlan, database: Database): MaybePromise<Row> {
  const params = paramsOf(row, plan.present)
  const send = (): MaybePromise<Result<unknown[]>> => sendInsert(database, writer.meta.table, plan.text, params)
  if (plan.answer === 'select') return database.transaction(async () => selectRow(writer, filled(plan, row, await send()), database))
  return chained(send(), (result) => followed(writer, filled(plan, row, result), plan, database))
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

function followed(writer: Writer, row: Row, { absent }: InsertPlan, database: Database): MaybePromise<Row> {
  const { counted, dialect } = writer
  if (dialect !== 'postgres' || counted === undefined || absent.includes(counted)) return row
  const moved = advanceSequence(writer, counted, [row], database)
  return isPromise(moved) ? moved.then(() => row) : row
}

/** Every value given is that of a column. */
function assertKnown({ meta, byProperty, columns }: Writer, values: Values, given: number): void {
  let members = 0
  for (const _ in values) members += 1
  if (members === given) return
  for (const [property, value] of Object.entries(values)) {
    const column = byProperty.get(property)
    if (column === undefined)
      throw new UnknownColumnError(
        meta.name,
        property,
        columns.map((known) => known.property),
      )
    if (value === undefined) throw new UndefinedValueError(column.where)
  }
}
