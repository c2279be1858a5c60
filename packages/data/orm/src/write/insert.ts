import type { Database, MaybePromise, Result } from '@covet/db'
import { InvalidValueError, UndefinedValueError, UnknownColumnError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained, isPromise } from '../maybe.ts'
import { type InsertPlan, insertPlan } from './insert-plan.ts'
import { selectRow } from './select-row.ts'
import { sendWrite } from './send.ts'
import { advanceSequence } from './sequence.ts'
import { insertReturns } from './server.ts'
import type { WriteColumn } from './write-column.ts'
import type { ColumnSet, Writer } from './writer.ts'

type Values = Readonly<Record<string, unknown>>

/** A row on its way into the table. */
export interface NewRow {
  /** Which columns it gives. */
  readonly set: ColumnSet
  /** The whole row as the driver will answer it; what the engine decides is undefined. */
  readonly row: Row
}

/**
 * Checks and encodes the values of a new row.
 * @param loose other properties may stand beside the columns, as on an instance
 * @throws {UnknownColumnError} {@link InvalidValueError} {@link UndefinedValueError}
 */
export function newRow(writer: Writer, values: Values, time: Date, loose = false): NewRow {
  const { columns } = writer
  const row = new Array<unknown>(columns.length)
  let set = writer.noColumns
  let given = 0
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as WriteColumn
    let value = values[column.property]
    if (value !== undefined) {
      given += 1
      value = column.check(value)
      if (column.field.generated) value = refuseGenerated(column, loose)
    } else if (column.initial !== undefined) value = column.initial(time)
    if (value !== undefined) set = (set as number) + (column.mark as number)
    row[index] = value === undefined || value === null || column.raw === undefined ? value : column.raw(value)
  }
  if (!loose) assertKnown(writer, values, given)
  return { set, row }
}

/** An instance has the value it was read with. */
function refuseGenerated({ where }: WriteColumn, loose: boolean): undefined {
  if (!loose) throw new InvalidValueError(where, 'the engine computes it, so it cannot be written.')
}

/** The parameters of the columns that a row gives. */
function paramsOf(row: Row, present: readonly WriteColumn[]): unknown[] {
  const params = new Array<unknown>(present.length)
  for (let index = 0; index < present.length; index += 1) params[index] = row[(present[index] as WriteColumn).index]
  return params
}

/** Inserts one row. @returns it as the driver would answer it */
export function insertRow(writer: Writer, { set, row }: NewRow, database: Database): MaybePromise<Row> {
  const known = writer.inserts.get(set)
  if (known === undefined) return chained(makePlan(writer, set, row, database), () => insertRow(writer, { set, row }, database))
  const params = paramsOf(row, known.present)
  if (known.answer === 'select')
    return database.transaction(async () =>
      selectRow(writer, filled(known, row, await sendWrite(database, writer.meta.table, known.text, params)), database),
    )
  return chained(sendWrite(database, writer.meta.table, known.text, params), (result) =>
    followed(writer, filled(known, row, result), known, database),
  )
}

function makePlan(writer: Writer, set: ColumnSet, row: Row, database: Database): MaybePromise<void> {
  const present = writer.columns.filter(({ index }) => row[index] !== undefined)
  const absent = writer.columns.filter(({ index }) => row[index] === undefined)
  return chained(insertReturns(database), (returns) => {
    writer.inserts.set(set, insertPlan(writer, present, absent, database, returns))
  })
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
