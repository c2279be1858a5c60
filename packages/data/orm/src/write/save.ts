import type { Database, MaybePromise } from '@covet/db'
import { type Hooks, hooksOf } from '../hooks/hooks.ts'
import { withHooks } from '../hooks/around.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import { changesOf } from './changes.ts'
import { insertRow } from './insert.ts'
import { isTold, keepRow, outlookOf, type Subject, subjectOf, toldColumns } from './subject.ts'
import { updateRow } from './update.ts'

/**
 * Creates the row of an instance, or writes what differs from it; sends nothing when nothing does.
 * @param database where a new one goes
 */
export function saveInstance(instance: object, database?: Database): MaybePromise<void> {
  const subject = subjectOf(instance, database)
  const hooks = hooksOf(subject.meta.model)
  if (hooks) return saveWithHooks(subject, hooks)
  return chained(write(subject), () => undefined)
}

/** @returns whether there was anything to write */
function write(subject: Subject): MaybePromise<boolean> {
  const { row } = subject
  return row === undefined ? create(subject) : update(subject, row)
}

/** What the engine computes is as it was read. */
function create(subject: Subject): MaybePromise<boolean> {
  const { writer, instance, database } = subject
  const own = instance as Readonly<Record<string, unknown>>
  const values: Record<string, unknown> = {}
  for (const { property, field } of writer.columns) if (!field.generated) values[property] = own[property]
  const outlook = outlookOf(
    subject,
    writer.columns.filter((column) => isTold(column, values[column.property])),
  )
  return chained(insertRow(writer, writer.encode(values, writer.time()), database), (row) => {
    keepRow(subject, row, outlook)
    return true
  })
}

function update(subject: Subject, row: Row): MaybePromise<boolean> {
  const { writer, instance, database } = subject
  const changes = changesOf(writer, instance, row)
  if (changes.length === 0) return false
  const outlook = outlookOf(subject, toldColumns(subject, changes))
  return chained(updateRow(writer, row, changes, database), (next) => {
    keepRow(subject, next, outlook)
    return true
  })
}

async function saveWithHooks(subject: Subject, hooks: Hooks): Promise<void> {
  const { instance, database, writer, row } = subject
  if (row !== undefined && changesOf(writer, instance, row).length === 0) return
  await withHooks(hooks, row === undefined ? 'create' : 'update', instance, database, async () => await write(subject))
}
