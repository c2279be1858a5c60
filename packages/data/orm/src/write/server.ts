import type { Database } from '@covet/db'

const known = new WeakMap<Database, Promise<boolean>>()

/** Whether an INSERT can answer with rows: MariaDB's can, MySQL's cannot. */
export function insertReturns(database: Database): boolean | Promise<boolean> {
  if (database.dialect !== 'mysql') return true
  const asked = known.get(database) ?? ask(database)
  known.set(database, asked)
  return asked
}

async function ask(database: Database): Promise<boolean> {
  try {
    return await database.withConnection(({ server }) => server.product === 'MariaDB')
  } catch (error) {
    known.delete(database)
    throw error
  }
}
