import { createDb } from '@covet/db'
import { expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { callsHarmlessOnly } from '../src/sql/functions.ts'
import type { Open } from './support/databases.ts'

/** Not the same every time, and yet nothing is different after them. */
const volatile = [
  ...['clock_timestamp', 'gen_random_uuid', 'pg_sleep', 'pg_sleep_for', 'pg_sleep_until', 'random', 'timeofday'],
  ...['pg_blocking_pids', 'pg_current_wal_flush_lsn', 'pg_current_wal_insert_lsn', 'pg_current_wal_lsn', 'pg_database_size'],
  ...['pg_get_wal_replay_pause_state', 'pg_indexes_size', 'pg_is_in_recovery', 'pg_is_wal_replay_paused', 'pg_last_wal_receive_lsn'],
  ...['pg_last_wal_replay_lsn', 'pg_last_xact_replay_timestamp', 'pg_partition_ancestors', 'pg_partition_tree', 'pg_relation_size'],
  ...['pg_table_size', 'pg_total_relation_size'],
]

describeWith('postgres', 'the functions taken to change nothing', (open: Open) => {
  it('are none that the server says may change something', async () => {
    await using db = createDb(postgres({ url: (await open()).url }))
    const found = await db.sql<{ name: string }>`select distinct proname::text as name from pg_proc
      where pronamespace = 'pg_catalog'::regnamespace and provolatile = 'v'`
    expect(found.length).toBeGreaterThan(volatile.length)
    const harmless = found.map(({ name }) => name).filter((name) => callsHarmlessOnly(`select ${name}()`))
    expect(harmless.filter((name) => !volatile.includes(name))).toEqual([])
  })
})
