import { createDb, type Database } from '@covet/db'
import { sqlite, type SqliteOptions } from '../../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

export interface TemporaryDb extends AsyncDisposable {
  db: Database
  file: string
}

/** A database in a file of its own with a table of notes; both go when it is disposed of. */
export async function temporaryDb(options: Omit<SqliteOptions, 'file'> = {}): Promise<TemporaryDb> {
  const { file, remove } = temporaryFile()
  const db = createDb(sqlite({ file, durability: 'normal', ...options }))
  await db.script('create table notes (id integer primary key, body text not null unique)')
  return {
    db,
    file,
    async [Symbol.asyncDispose]() {
      await db.close({ drain: 0 })
      await remove()
    },
  }
}

export async function memoryDb(): Promise<Database> {
  const db = createDb(sqlite({ file: ':memory:' }))
  await db.script('create table notes (id integer primary key, body text not null unique)')
  return db
}

export async function bodies(db: Database): Promise<string[]> {
  const rows = await db.sql<{ body: string }>`select body from notes order by id`
  return rows.map(({ body }) => body)
}
