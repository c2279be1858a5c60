import type { Database, MaybePromise, Result } from '@covet/db'

/** Runs a statement of a writer: rows come as its codecs expect them. */
export function send(database: Database, text: string, params: readonly unknown[]): MaybePromise<Result<unknown[]>> {
  return database.executeNow<unknown[]>({ text, params, rowMode: 'text' })
}
