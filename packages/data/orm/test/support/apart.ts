import { createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import type { ModelClass } from '../../src/meta/model-meta.ts'
import type { OpenDatabase } from './engines.ts'
import { fileDatabase } from './file-database.ts'

/** Two ways to one database, which share no connection. The models are bound to neither. */
export interface Apart extends AsyncDisposable {
  /** Over one connection to a server; over a file. */
  readonly db: Database
  readonly watcher: Database
}

/** @param opened with the same models: on a server its database is the one */
export async function openApart({ db: watcher, url }: OpenDatabase, models: readonly ModelClass[]): Promise<Apart> {
  const stack = new AsyncDisposableStack()
  const kept = (own: Database): Database => stack.adopt(own, (each) => each.close({ drain: 0 }))
  const both = { [Symbol.asyncDispose]: () => stack.disposeAsync() }
  if (watcher.dialect === 'postgres') return { ...both, watcher, db: kept(createDb(postgres({ url, pool: { max: 1 } }))) }
  if (watcher.dialect === 'mysql') return { ...both, watcher, db: kept(createDb(mysql({ url, pool: { max: 1 } }))) }
  const { db, file } = stack.use(await fileDatabase(models))
  return { ...both, db, watcher: kept(createDb(sqlite({ file, durability: 'normal' }))) }
}
