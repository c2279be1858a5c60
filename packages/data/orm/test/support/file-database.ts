import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDb, type Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { createTables } from '../../src/testing.ts'

export interface FileDatabase extends AsyncDisposable {
  readonly db: Database
  /** Where another process finds it. */
  readonly file: string
}

/** SQLite in a file of its own, with the tables of the models. One in memory has a single connection, whose rows are read at once. */
export async function fileDatabase(models: Parameters<typeof createTables>[1]): Promise<FileDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'covet-orm-'))
  const file = join(folder, 'test.db')
  const db = createDb(sqlite({ file, durability: 'normal' }))
  await createTables(db, models)
  return {
    db,
    file,
    async [Symbol.asyncDispose]() {
      await db.close({ drain: 0 })
      await rm(folder, { recursive: true })
    },
  }
}
