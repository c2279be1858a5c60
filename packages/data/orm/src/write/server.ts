import type { Database, MaybePromise, ServerInfo } from '@covet/db'
import { chained } from '../maybe.ts'

/** Whether an INSERT can answer with rows: MariaDB's can, MySQL's cannot. Known at once from the second time on. */
export function insertReturns(database: Database): MaybePromise<boolean> {
  return database.dialect === 'mysql' ? chained(database.server(), isMariaDb) : true
}

export function isMariaDb({ product }: ServerInfo): boolean {
  return product === 'MariaDB'
}
