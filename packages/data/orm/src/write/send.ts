import { cacheOf, type Tables } from '../cache/query-cache.ts'
import { tablesDeletedWith } from '../cache/written-tables.ts'
import type { Database, MaybePromise, Result } from '@covet/db'
import type { ModelMeta } from '../meta/model-meta.ts'

/** Runs a statement of a writer: rows come as its codecs expect them. */
export function send(database: Database, text: string, params: readonly unknown[]): MaybePromise<Result<unknown[]>> {
  return database.executeNow<unknown[]>({ text, params, rowMode: 'text' })
}

/** The same of one that writes the tables: answers that were cached of them are not given any more. */
export function sendWrite(database: Database, tables: Tables, text: string, params: readonly unknown[]): MaybePromise<Result<unknown[]>> {
  return cacheOf(database).writing(tables, () => send(database, text, params))
}

/** The same of an INSERT, whose text casts what it is given ({@link givenSql}). */
export function sendInsert(database: Database, tables: Tables, text: string, params: readonly unknown[]): MaybePromise<Result<unknown[]>> {
  return cacheOf(database).writing(tables, () => database.executeNow<unknown[]>({ text, params, rowMode: 'text', valuesAsGiven: true }))
}

/** The same of one that deletes rows of the model, and what follows them. */
export function sendDelete(database: Database, meta: ModelMeta, text: string, params: readonly unknown[]): MaybePromise<Result<unknown[]>> {
  return cacheOf(database).writing(
    () => tablesDeletedWith(meta, database),
    () => send(database, text, params),
  )
}
