import { isDeepStrictEqual } from 'node:util'
import { withHooks } from '../hooks/around.ts'
import { hooksOf } from '../hooks/hooks.ts'
import { NotFound, StaleObject } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import { isUnread } from '../hydrate/deferred.ts'
import { type Change, changeOf } from './changes.ts'
import { now } from './clock.ts'
import { deleteRow } from './delete.ts'
import { selectRow } from './select-row.ts'
import { keepRow, outlookOf, storedRow, type Subject, subjectOf, toldColumns } from './subject.ts'
import { updateRow } from './update.ts'
import type { WriteColumn } from './write-column.ts'
import { deletionMark } from './writer.ts'

/** Deletes the row of an instance, softly where its model does. */
export async function deleteInstance(instance: object): Promise<void> {
  await remove(subjectOf(instance), false)
}

/** Deletes it for good. */
export async function forceDeleteInstance(instance: object): Promise<void> {
  await remove(subjectOf(instance), true)
}

async function remove(subject: Subject, forced: boolean): Promise<void> {
  const { instance, writer, database } = subject
  const row = storedRow(subject, 'deleted')
  const mark = forced ? undefined : writer.deletedAt
  const write = async (): Promise<boolean> => {
    if (mark) await setMark(subject, mark, now())
    else await deleteRow(writer, row, database)
    return true
  }
  const hooks = hooksOf(subject.meta.model)
  await (hooks ? withHooks(hooks, 'delete', instance, database, write) : write())
}

/** Undoes a soft deletion, and writes what the hooks of an update set; what was set before waits for `save`. */
export async function restoreInstance(instance: object): Promise<void> {
  const subject = subjectOf(instance)
  const { meta, writer, database } = subject
  const mark = deletionMark(writer)
  const row = storedRow(subject, 'restored')
  const hooks = hooksOf(meta.model)
  if (!hooks) return setMark(subject, mark, null)
  const waiting = waitingValues(subject, row)
  await withHooks(hooks, 'update', instance, database, async () => {
    await setMark(subject, mark, null, changesBeside(subject, row, waiting, mark))
    return true
  })
}

/** The values of an instance that are not those of its row; nobody has checked them. */
function waitingValues({ writer, instance }: Subject, row: Row): ReadonlyMap<WriteColumn, unknown> {
  const waiting = new Map<WriteColumn, unknown>()
  for (const column of writer.columns) {
    if (isUnread(instance, column.property)) continue
    const value = (instance as Readonly<Record<string, unknown>>)[column.property]
    const raw = row[column.index]
    const stored = column.decode === undefined || raw === null || raw === undefined ? raw : column.decode(raw)
    if (!isDeepStrictEqual(value, stored)) waiting.set(column, value)
  }
  return waiting
}

/** What was changed beside the values that wait, and beside the mark. */
function changesBeside({ writer, instance }: Subject, row: Row, waiting: ReadonlyMap<WriteColumn, unknown>, mark: WriteColumn): Change[] {
  const changes: Change[] = []
  for (const column of writer.columns) {
    if (column === mark || isUnread(instance, column.property)) continue
    const value = (instance as Readonly<Record<string, unknown>>)[column.property]
    if (waiting.has(column) && Object.is(waiting.get(column), value)) continue
    const change = changeOf(column, value, row[column.index])
    if (change) changes.push(change)
  }
  return changes
}

/** @param besides what is written with it */
async function setMark(subject: Subject, mark: WriteColumn, value: Date | null, besides: readonly Change[] = []): Promise<void> {
  const { writer, database } = subject
  const row = storedRow(subject, value === null ? 'restored' : 'deleted')
  const changes = [...besides, { column: mark, value }].toSorted((left, right) => left.column.index - right.column.index)
  const outlook = outlookOf(subject, [mark, ...toldColumns(subject, besides)])
  keepRow(subject, await updateRow(writer, row, changes, database), outlook)
}

/** Reads the columns again; relations are forgotten. @throws {NotFound} when the row is gone */
export async function refreshInstance(instance: object): Promise<void> {
  const subject = subjectOf(instance)
  const { meta, writer, database } = subject
  try {
    const row = storedRow(subject, 'read again')
    const outlook = outlookOf(subject, writer.columns)
    keepRow(subject, await selectRow(writer, row, database), outlook)
  } catch (error) {
    if (error instanceof StaleObject) throw new NotFound(meta.name)
    throw error
  }
  const own = instance as Record<string, unknown>
  for (const name of meta.relationNames) if (Object.hasOwn(own, name)) delete own[name]
}
