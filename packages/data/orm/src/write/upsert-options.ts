import type { Database } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { type Key, uniqueKeysIn } from '../schema/unique-keys.ts'
import type { UpsertOptions } from '../types/model-static.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** What an upsert does, looked at before anything is sent. */
export interface UpsertTarget {
  readonly on: readonly WriteColumn[]
  /** The columns an existing row gets; undefined for all that are given. */
  readonly update: readonly WriteColumn[] | undefined
}

/** @throws {InvalidQueryError} unless `on` is a unique key, and on MySQL the only one */
export function upsertTarget(
  writer: Writer,
  options: UpsertOptions<string> | undefined,
  givesKey: boolean,
  database: Database,
): UpsertTarget {
  const { meta, dialect } = writer
  const { on, update, anyKey = false }: Partial<UpsertOptions<string>> = options ?? {}
  if (!Array.isArray(on) || on.length === 0)
    throw new InvalidQueryError(`${meta.name}.upsert() needs the columns of a unique key: { on: ['email'] }.`)
  const target = columnsOf(writer, on)
  const others = otherKeys(writer, target, givesKey, database)
  if (dialect === 'mysql' && !anyKey && others.length > 0) {
    throw new InvalidQueryError(
      `${meta.name} has further unique keys (${others.map((key) => key.join(', ')).join('; ')}), and MySQL and MariaDB take a row with any of them for the one of '${on.join(', ')}'. Say that this is right with anyKey: true.`,
    )
  }
  return { on: target, update: update && columnsOf(writer, update) }
}

function columnsOf({ meta, columns }: Writer, properties: readonly string[]): readonly WriteColumn[] {
  return properties.map((property) => columns[meta.column(property).index] as WriteColumn)
}

function otherKeys({ meta }: Writer, on: readonly WriteColumn[], givesKey: boolean, database: Database): readonly (readonly string[])[] {
  const keys = uniqueKeysIn(database, meta).map(namesOf)
  const [primary = []] = keys
  const named = on.map(({ name }) => name)
  // The side of a one-to-one relation is unique too, which only the other model knows; and that may not be bound here.
  if (!keys.some((key) => isSame(key, named)) && on.some(({ column }) => column.relation === undefined)) {
    throw new InvalidQueryError(
      `${meta.name}.upsert(): '${on.map(({ property }) => property).join(', ')}' is no unique key of it. Mark the field as .unique(), or name the key in the options: unique: [[…]].`,
    )
  }
  return keys.filter((key) => !isSame(key, named) && (givesKey || !isSame(key, primary)))
}

function namesOf(key: Key): readonly string[] {
  return key.map(({ column }) => column)
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name))
}
