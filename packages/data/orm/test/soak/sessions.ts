import type { Subject } from './engines.ts'

/** A connection as its server sees it. */
export interface ServerSession {
  readonly id: number
  readonly inTransaction: boolean
}

/** Those of the application, as its server sees them; none where there is no server. */
export async function sessionsOf({ engine, watcher }: Pick<Subject, 'engine' | 'watcher'>): Promise<readonly ServerSession[]> {
  if (engine === 'sqlite') return []
  if (engine === 'postgres') {
    const rows = await watcher.sql<{ id: number; state: string | null }>`
      select pid as id, state from pg_stat_activity where application_name = 'soak'`
    return rows.map(({ id, state }) => ({ id, inTransaction: state?.startsWith('idle in transaction') === true || state === 'active' }))
  }
  // The watcher has one of the same account, the one that asks.
  const rows = await watcher.sql<{ id: number; open: number }>`
    select p.id as id, (select count(*) from information_schema.innodb_trx t where t.trx_mysql_thread_id = p.id) as open
    from information_schema.processlist p where p.db = database() and p.id <> connection_id()`
  return rows.map(({ id, open }) => ({ id: Number(id), inTransaction: Number(open) > 0 }))
}

export async function killSession({ engine, watcher }: Pick<Subject, 'engine' | 'watcher'>, id: number): Promise<void> {
  if (engine === 'postgres') await watcher.sql`select pg_terminate_backend(${id}::integer)`
  else await watcher.execute({ text: `kill ${id}`, params: [] })
}
