import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError } from '../errors.ts'
import { accessOf } from '../hydrate/access.ts'
import { isUnread } from '../hydrate/deferred.ts'
import type { InstanceAccess, Row } from '../hydrate/base-class.ts'
import { resultSet } from '../hydrate/instances.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import { namedDatabase } from '../model/using.ts'
import type { Change } from './changes.ts'
import type { WriteColumn } from './write-column.ts'
import { type Undoing, undoingIn } from './undoing.ts'
import { type Writer, writerOf } from './writer.ts'

/** An instance about to be written. */
export interface Subject {
  readonly meta: ModelMeta
  readonly instance: object
  readonly database: Database
  readonly writer: Writer
  readonly access: InstanceAccess
  /** As it was read or last written; undefined of one that was never stored. */
  readonly row: Row | undefined
}

/** @param named where an instance goes that is not stored yet; others go where they came from */
export function subjectOf(instance: object, named?: Database): Subject {
  const meta = metaOf(instance.constructor)
  const access = accessOf(meta)
  const database = access.setOf(instance)?.database ?? databaseOf(meta, named ?? namedDatabase(instance.constructor))
  return { meta, instance, database, writer: writerOf(meta, database), access, row: access.rowOf(instance) }
}

/** The stored row of an instance. @throws {InvalidQueryError} for one that was never stored */
export function storedRow({ row, meta }: Subject, what: string): Row {
  if (row === undefined) throw new InvalidQueryError(`This ${meta.name} was never stored, so it cannot be ${what}. Save it first.`)
  return row
}

/** What an instance is to be told when a statement has run, as it is when that is sent. */
export interface Outlook {
  readonly columns: readonly WriteColumn[]
  /** Their values. */
  readonly values: readonly unknown[]
  readonly undoing: Undoing | undefined
}

/** What an update of these changes tells the instance. */
export function toldColumns({ instance, writer }: Subject, changes: readonly Change[]): readonly WriteColumn[] {
  const own = instance as Readonly<Record<string, unknown>>
  const columns: WriteColumn[] = []
  for (const { column } of changes) if (isTold(column, own[column.property])) columns.push(column)
  for (const column of writer.besides) if (!columns.includes(column)) columns.push(column)
  return columns
}

/** A date and a JSON value stay the objects they are, which may be changed in place; of others the instance gets the stored form. */
export function isTold({ field }: WriteColumn, given: unknown): boolean {
  return given === null || typeof given !== 'object' || (field.type !== 'json' && field.type !== 'datetime')
}

/** Before the statement is sent: inside its transaction, and before anybody assigns anything else. */
export function outlookOf(subject: Subject, columns: readonly WriteColumn[]): Outlook {
  const values = new Array<unknown>(columns.length)
  for (let index = 0; index < columns.length; index += 1) values[index] = valueOf(subject, columns[index] as WriteColumn)
  return { columns, values, undoing: undoingIn(subject.database) }
}

/** Notes on the instance what its row is now, and sets the columns to their values where nothing was assigned meanwhile. */
export function keepRow(subject: Subject, row: Row, { columns, values, undoing }: Outlook): void {
  const { instance, access, database } = subject
  const own = instance as Record<string, unknown>
  const before = undoing?.of(instance)
  for (let position = 0; position < columns.length; position += 1) {
    const column = columns[position] as WriteColumn
    const { property, index, read } = column
    if (!Object.is(valueOf(subject, column), values[position])) continue
    const raw = row[index]
    const value = raw === null || read === undefined ? raw : read(raw)
    before?.replacing(instance, property, value)
    own[property] = value
  }
  access.keep(instance, row, access.setOf(instance) ?? resultSet([], database))
}

/** Undefined of what was not read. */
function valueOf({ instance, row }: Subject, { property, index }: WriteColumn): unknown {
  if (row !== undefined && row[index] === undefined && isUnread(instance, property)) return undefined
  return (instance as Readonly<Record<string, unknown>>)[property]
}
