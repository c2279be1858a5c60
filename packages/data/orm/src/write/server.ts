import type { Database, MaybePromise } from '@covet/db'

const known = new WeakMap<Database, boolean>()

/** Whether an INSERT can answer with rows: MariaDB's can, MySQL's cannot. Known at once from the second time on. */
export function insertReturns(database: Database): MaybePromise<boolean> {
  if (database.dialect !== 'mysql') return true
  return known.get(database) ?? ask(database)
}

async function ask(database: Database): Promise<boolean> {
  const returns = await database.withConnection(({ server }) => server.product === 'MariaDB')
  known.set(database, returns)
  return returns
}
