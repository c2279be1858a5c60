import { isDeepStrictEqual, types } from 'node:util'
import { encodeJson } from '../codecs/json.ts'
import type { Row } from '../hydrate/base-class.ts'
import { isUnread } from '../hydrate/deferred.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** A column whose value is not what is stored. */
export interface Change {
  readonly column: WriteColumn
  /** Checked. */
  readonly value: unknown
}

/**
 * The columns of an instance that differ from its row: dates by their time, JSON by its structure.
 * @throws {InvalidValueError} for a value the column cannot hold
 */
export function changesOf({ columns }: Writer, instance: object, row: Row): Change[] {
  const values = instance as Readonly<Record<string, unknown>>
  const changes: Change[] = []
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as WriteColumn
    const stored = row[index]
    // A column that was not read has no value to compare; reading it would throw.
    if (stored === undefined && isUnread(instance, column.property)) continue
    const value = values[column.property]
    if (column.decode === undefined ? value === stored : value === null && stored === null) continue
    const change = changeOf(column, value, stored)
    if (change) changes.push(change)
  }
  return changes
}

/** @throws {InvalidValueError} for a value the column cannot hold */
export function changeOf(column: WriteColumn, given: unknown, stored: unknown): Change | undefined {
  const value = column.check(given)
  return isStored(column, value, stored) ? undefined : { column, value }
}

/** Whether a row has the value. @param stored what the row has; undefined of a column that was not read */
export function isStored({ field, decode }: WriteColumn, value: unknown, stored: unknown): boolean {
  if (value === null || value === undefined || stored === null || stored === undefined) return value === stored
  const before = decode === undefined ? stored : decode(stored)
  if (field.type === 'json') return isDeepStrictEqual(JSON.parse(encodeJson(value)), JSON.parse(encodeJson(before)))
  if (types.isDate(value)) return types.isDate(before) && value.getTime() === before.getTime()
  if (types.isUint8Array(value)) return types.isUint8Array(before) && Buffer.compare(value, before) === 0
  return value === before
}
