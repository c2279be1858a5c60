import { createDb, type Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { describe } from '@jest/globals'
import type { ModelClass } from '../../src/meta/model-meta.ts'
import { bind } from '../../src/binding.ts'
import { createTables } from '../../src/testing.ts'

/** A database of its own, with the tables of the models, which are bound to it until it is disposed of. */
export interface OpenDatabase extends AsyncDisposable {
  readonly db: Database
}

/** @param models whose tables are made */
export type Open = (models?: readonly ModelClass[]) => Promise<OpenDatabase>

/** The same tests on every engine. */
export function onEachEngine(title: string, body: (open: Open, dialect: string) => void): void {
  describe(`${title} on SQLite`, () => body(openWith(async () => createDb(sqlite({ file: ':memory:' }))), 'sqlite'))
}

function openWith(connect: () => Promise<Database>): Open {
  return async (models = []) => {
    const db = await connect()
    await createTables(db, models)
    const unbind = bind(models, db)
    return {
      db,
      async [Symbol.asyncDispose]() {
        unbind()
        await db.close({ drain: 0 })
      },
    }
  }
}
