import type { Database, MaybePromise } from '@covet/db'
import { type Hooks, hooksOf } from '../hooks/hooks.ts'
import { withHooks } from '../hooks/around.ts'
import type { Row } from '../hydrate/base-class.ts'
import { chained } from '../maybe.ts'
import { changesOf } from './changes.ts'
import { insertRow, newRowOf } from './insert.ts'
import { keepRow, type Subject, subjectOf } from './subject.ts'
import { updateRow } from './update.ts'
import type { WriteColumn } from './write-column.ts'

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

function create(subject: Subject): MaybePromise<boolean> {
  const { writer, instance, database } = subject
  return chained(insertRow(writer, newRowOf(writer, instance, writer.time()), database), (row) => {
    keepRow(subject, row, writer.columns)
    return true
  })
}

function update(subject: Subject, row: Row): MaybePromise<boolean> {
  const { writer, instance, database } = subject
  const changes = changesOf(writer, instance, row)
  if (changes.length === 0) return false
  const written = changes.map(({ column }) => column)
  return chained(updateRow(writer, row, changes, database), (next) => {
    keepRow(subject, next, [...written.filter(isNormalised), ...besides(subject, written)])
    return true
  })
}

/** A JSON value stays the object it is. */
function isNormalised({ field }: WriteColumn): boolean {
  return field.type !== 'json'
}

/** What an update writes on its own, or the engine computes. */
function besides({ writer }: Subject, written: readonly WriteColumn[]): readonly WriteColumn[] {
  const { updatedAt, version, generated } = writer
  return [updatedAt, version, ...generated].filter((column): column is WriteColumn => column !== undefined && !written.includes(column))
}

async function saveWithHooks(subject: Subject, hooks: Hooks): Promise<void> {
  const { instance, database, writer, row, access } = subject
  if (row !== undefined && changesOf(writer, instance, row).length === 0) return
  const before = { row, set: access.setOf(instance) }
  try {
    await withHooks(hooks, row === undefined ? 'create' : 'update', instance, database, async () => await write(subject))
  } catch (error) {
    // What the transaction took back is not stored.
    access.keep(instance, before.row, before.set)
    throw error
  }
}
