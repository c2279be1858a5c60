import { createDb } from '@covet/db'
import { bind, type ModelClass } from '@covet/orm'
import { createTables } from '@covet/orm/testing'
import { sqlite } from '@covet/sqlite'

/** Prints what a query over circular models answers. */
export async function tell(models: readonly ModelClass[], query: () => PromiseLike<unknown>): Promise<void> {
  await using db = createDb(sqlite({ file: ':memory:' }))
  bind(models, db)
  await createTables(db, models)
  await db.script("insert into users values (1, 'ada@x.org'); insert into posts values (1, 'first', 1)")
  process.stdout.write(JSON.stringify(await query()))
}
