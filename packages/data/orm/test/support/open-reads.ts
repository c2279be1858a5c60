import type { Database } from '@covet/db'

/** How many reads and transactions of others the server has open in this database. @param watcher on a connection they do not use */
export async function openReads(watcher: Database): Promise<number> {
  const [row] = await questions[watcher.dialect]!(watcher)
  return Number(row?.open)
}

type Question = (watcher: Database) => PromiseLike<readonly { open: unknown }[]>

const questions: Readonly<Record<string, Question>> = {
  // A log that somebody reads cannot be emptied.
  sqlite: async (watcher) => (await watcher.sql<{ busy: number }>`pragma wal_checkpoint(truncate)`).map(({ busy }) => ({ open: busy })),
  postgres: (watcher) =>
    watcher.sql`select count(*) as open from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and (state <> 'idle' or xact_start is not null or backend_xmin is not null)`,
  mysql: (watcher) =>
    watcher.sql`select count(*) as open from information_schema.processlist p
      left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
      where p.db = database() and p.id <> connection_id() and (p.command <> 'Sleep' or t.trx_id is not null)`,
}
