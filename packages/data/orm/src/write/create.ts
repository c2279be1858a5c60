import type { Database, MaybePromise } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidValueError, UndefinedValueError } from '../errors.ts'
import { hooksOf } from '../hooks/hooks.ts'
import { chained } from '../maybe.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { fill } from './fill.ts'
import { insertRow, newRow } from './insert.ts'
import { saveInstance } from './save.ts'
import { columnsLeftOut, undoingIn } from './undoing.ts'
import { writerOf } from './writer.ts'

/** Stores a new row. @returns its instance, with what defaults and the engine put in */
export function createInstance(meta: ModelMeta, values: unknown, named?: Database): MaybePromise<object> {
  assertValues(meta, values)
  const database = databaseOf(meta, named)
  if (hooksOf(meta.model)) return createWithHooks(meta, values, database)
  const writer = writerOf(meta, database)
  const undoing = undoingIn(database)
  // Now: the caller may change the object while the statement is on its way.
  const leftOut = undoing && columnsLeftOut(writer, values)
  return chained(insertRow(writer, newRow(writer, values, writer.time()), database), (row) => {
    const instance = writer.hydrate([row], database)[0] as object
    if (leftOut) undoing.made(instance, leftOut)
    return instance
  })
}

async function createWithHooks(meta: ModelMeta, values: object, database: Database): Promise<object> {
  const instance = new (meta.model as unknown as new () => object)()
  fill(meta, instance, values)
  await saveInstance(instance, database)
  return instance
}

export function assertValues(meta: ModelMeta, values: unknown): asserts values is Readonly<Record<string, unknown>> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw refusal(meta, values)
}

function refusal(meta: ModelMeta, values: unknown): Error {
  const where = `The values of a new ${meta.name}`
  return values === undefined ? new UndefinedValueError(where) : new InvalidValueError(where, 'pass an object of columns and values.')
}
