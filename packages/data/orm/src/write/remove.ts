import { withHooks } from '../hooks/around.ts'
import { hooksOf } from '../hooks/hooks.ts'
import { NotFound, StaleObject } from '../errors.ts'
import { type Change, changesOf } from './changes.ts'
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
  const waiting = new Set(changesOf(writer, instance, row).map(({ column }) => column)).add(mark)
  await withHooks(hooks, 'update', instance, database, async () => {
    const set = changesOf(writer, instance, row).filter(({ column }) => !waiting.has(column))
    await setMark(subject, mark, null, set)
    return true
  })
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
