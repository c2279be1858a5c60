import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidQueryError } from '../errors.ts'
import { accessOf } from '../hydrate/access.ts'
import type { InstanceAccess, Row } from '../hydrate/base-class.ts'
import { resultSet } from '../hydrate/instances.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import { namedDatabase } from '../model/using.ts'
import type { WriteColumn } from './write-column.ts'
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

/** Notes on the instance what its row is now, and sets these columns to their values. */
export function keepRow({ instance, access, database }: Subject, row: Row, columns: readonly WriteColumn[]): void {
  const values = instance as Record<string, unknown>
  for (const { property, index, decode } of columns) {
    const raw = row[index]
    values[property] = raw === null || decode === undefined ? raw : decode(raw)
  }
  access.keep(instance, row, access.setOf(instance) ?? resultSet([], database))
}
