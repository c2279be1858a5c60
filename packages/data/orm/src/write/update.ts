import type { Database, MaybePromise } from '@covet/db'
import { tablesUpdatedWith } from '../cache/written-tables.ts'
import { StaleObject } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import type { Change } from './changes.ts'
import { now } from './clock.ts'
import { selectRow } from './select-row.ts'
import { sendWrite } from './send.ts'
import { updatePlan } from './update-plan.ts'
import { assertWritable, type WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/**
 * Writes changes of one row, with the time of the update and the next version where the model has them.
 * @param row as it was read or last written
 * @returns the row as it is now
 * @throws {StaleObject} when the row is gone, or was written by somebody else since
 */
export function updateRow(writer: Writer, row: Row, changes: readonly Change[], database: Database): MaybePromise<Row> {
  const all = withDuties(writer, row, changes)
  let set = writer.noColumns
  const params: unknown[] = []
  const next = row.slice()
  for (const { column, value } of all) {
    const { raw, index, mark } = column
    set = (set as number) + (mark as number)
    next[index] = value === null || raw === undefined ? value : raw(value)
    params.push(next[index])
  }
  for (const { index } of writer.primaryKey) params.push(row[index])
  if (writer.version) params.push(row[writer.version.index])
  const plan = writer.updates.get(set) ?? updatePlan(writer, columnsOf(all), database)
  writer.updates.set(set, plan)
  const tables = (): readonly string[] => tablesUpdatedWith(writer.meta, all, database)
  if (plan.answer === 'select')
    return database.transaction(async () => {
      written(writer, next, await sendWrite(database, tables, plan.text, params))
      return computed(writer, next, await selectRow(writer, next, database))
    })
  return chained(sendWrite(database, tables, plan.text, params), (result) => written(writer, next, result))
}

/** What others wrote into the row meanwhile is not what the instance has. */
function computed({ generated }: Writer, row: Row, stored: Row): Row {
  for (const { index } of generated) row[index] = stored[index]
  return row
}

function columnsOf(changes: readonly Change[]): readonly WriteColumn[] {
  return changes.map(({ column }) => column)
}

/** In the order of the columns, so that equal sets have one plan. */
function withDuties({ updatedAt, version }: Writer, row: Row, changes: readonly Change[]): readonly Change[] {
  for (const { column } of changes) assertWritable(column.field, column.where)
  if (!updatedAt && !version) return changes
  const all = changes.filter(({ column }) => column !== version)
  if (updatedAt && !all.some(({ column }) => column === updatedAt)) all.push({ column: updatedAt, value: now() })
  if (version) all.push({ column: version, value: Number(row[version.index]) + 1 })
  return all.toSorted((left, right) => left.column.index - right.column.index)
}

function written(
  { meta, generated }: Writer,
  row: Row,
  { changes, rows }: { readonly changes: number; readonly rows: readonly unknown[][] },
): Row {
  if (changes === 0) throw new StaleObject(meta.name)
  for (let index = 0; index < generated.length; index += 1) if (rows[0]) row[generated[index]?.index ?? 0] = rows[0][index]
  return row
}
