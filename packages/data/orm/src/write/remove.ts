import { withHooks } from '../hooks/around.ts'
import { hooksOf } from '../hooks/hooks.ts'
import { InvalidQueryError, NotFound, StaleObject } from '../errors.ts'
import { now } from './clock.ts'
import { deleteRow } from './delete.ts'
import { selectRow } from './select-row.ts'
import { keepRow, storedRow, type Subject, subjectOf } from './subject.ts'
import { updateRow } from './update.ts'
import type { WriteColumn } from './write-column.ts'

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
  if (!hooks) return void (await write())
  const set = subject.access.setOf(instance)
  try {
    await withHooks(hooks, 'delete', instance, database, write)
  } catch (error) {
    if (set) subject.access.keep(instance, row, set)
    throw error
  }
}

/** Undoes a soft deletion. */
export async function restoreInstance(instance: object): Promise<void> {
  const subject = subjectOf(instance)
  const { meta, writer } = subject
  if (!writer.deletedAt) throw new InvalidQueryError(`${meta.name} has no f.deletedAt(), so what is deleted is gone.`)
  await setMark(subject, writer.deletedAt, null)
}

async function setMark(subject: Subject, mark: WriteColumn, value: Date | null): Promise<void> {
  const { writer, database } = subject
  const row = storedRow(subject, value === null ? 'restored' : 'deleted')
  const next = await updateRow(writer, row, [{ column: mark, value }], database)
  keepRow(
    subject,
    next,
    [mark, writer.updatedAt, writer.version].filter((column) => column !== undefined),
  )
}

/** Reads the columns again; relations are forgotten. @throws {NotFound} when the row is gone */
export async function refreshInstance(instance: object): Promise<void> {
  const subject = subjectOf(instance)
  const { meta, writer, database } = subject
  try {
    keepRow(subject, await selectRow(writer, storedRow(subject, 'read again'), database), writer.columns)
  } catch (error) {
    if (error instanceof StaleObject) throw new NotFound(meta.name)
    throw error
  }
  const own = instance as Record<string, unknown>
  for (const name of meta.relationNames) if (Object.hasOwn(own, name)) delete own[name]
}
