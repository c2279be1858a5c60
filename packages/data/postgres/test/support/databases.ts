import { createDb, type Database } from '@covet/db'
import type { CleanSpace } from '@covet-workspace/tooling/services'
import { postgres, type PostgresOptions } from '../../src/index.ts'

export type Open = () => Promise<CleanSpace>

/** A database of its own with a table of notes. */
export async function notesDb(open: Open, options: Omit<PostgresOptions, 'url'> = {}): Promise<Database> {
  const { url } = await open()
  const db = createDb(postgres({ url, ...options }))
  await db.script('create table notes (id integer primary key, body text not null unique)')
  return db
}

export async function bodies(db: Database): Promise<string[]> {
  const rows = await db.sql<{ body: string }>`select body from notes order by id`
  return rows.map(({ body }) => body)
}

/** How many sessions of this database the server says have a transaction open in which nothing runs. */
export async function idleInTransaction(db: Database): Promise<number> {
  const [row] = await db.sql<{ open: number }>`select count(*)::integer as open from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%'`
  return row?.open ?? Number.NaN
}
