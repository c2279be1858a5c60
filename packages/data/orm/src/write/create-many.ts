import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidValueError } from '../errors.ts'
import { chained } from '../maybe.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { assertValues } from './create.ts'
import { newRow } from './insert.ts'
import { insertMany } from './insert-many.ts'
import { writerOf } from './writer.ts'

/** Stores many rows, past the hooks. @returns their instances in the order given */
export async function createInstances(meta: ModelMeta, list: unknown, named?: Database): Promise<object[]> {
  const values = listOf(meta, list)
  const database = databaseOf(meta, named)
  if (values.length === 0) return []
  const writer = writerOf(meta, database)
  const time = writer.time()
  // Nothing here holds the new rows while their statement is on its way.
  const stored = insertMany(
    writer,
    values.map((row) => newRow(writer, row, time)),
    database,
  )
  return chained(stored, (rows) => writer.hydrate(rows, database))
}

/** @throws {InvalidValueError} {@link UndefinedValueError} */
export function listOf(meta: ModelMeta, list: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(list)) throw new InvalidValueError(`The rows of ${meta.name}`, 'pass a list of objects.')
  for (const values of list as readonly unknown[]) assertValues(meta, values)
  return list as readonly Readonly<Record<string, unknown>>[]
}
