import { setTimeout as pause } from 'node:timers/promises'
import type { Replication, Result } from '@covet/db'

type Ask = (text: string, params: readonly unknown[], signal?: AbortSignal) => Promise<Result<unknown>>

type State = 'primary' | 'following' | 'fenced'

const longestPause = 20

/**
 * A server that follows nobody is the primary, unless its transactions are read-only by default: so a primary is put out
 * of service, and what others write now never reaches it.
 *
 * A replica that has replayed all it received, and still receives, is not behind however long ago the last commit was.
 * Of one that receives nothing, that time is the most it can be; started anew it has none, and may be behind however long.
 */
const statusText = `
  select case
    when pg_is_in_recovery() then 'following'
    when current_setting('default_transaction_read_only')::boolean then 'fenced'
    else 'primary'
  end, case
    when not pg_is_in_recovery() then null
    when receives and pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() then 0
    when pg_last_xact_replay_timestamp() is null then case when receives then 0 else 'infinity'::float8 end
    else greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8
  end
  from (select exists (select from pg_stat_wal_receiver) as receives) as receiver`

/** The end of what was written, not of what has reached the disk: with synchronous_commit off, commits are answered before. */
const positionText = `
  select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end::text`

const reachedText = `
  select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end >= $1::text::pg_lsn`

/** Positions are LSNs of the write-ahead log (PostgreSQL, "WAL Internals" and "Recovery Information Functions"). */
export function createReplication(ask: Ask): Replication {
  return {
    async status(signal) {
      const [state, lagMs] = await firstRow<[State, number | null]>(ask(statusText, [], signal))
      if (state === 'primary') return { role: 'primary' }
      if (state === 'fenced') return { role: 'replica', lagMs: Infinity }
      return { role: 'replica', ...(lagMs !== null && { lagMs }) }
    },
    async position() {
      const [position] = await firstRow<[string]>(ask(positionText, []))
      return position
    },
    async reached(position, timeoutMs) {
      const deadline = performance.now() + timeoutMs
      for (let attempt = 0; ; attempt += 1) {
        const [reached] = await firstRow<[boolean | null]>(ask(reachedText, [position]))
        if (reached === true) return true
        const left = deadline - performance.now()
        if (left <= 0) return false
        await pause(Math.min(left, longestPause, 2 ** attempt))
      }
    },
  }
}

async function firstRow<Row>(answer: Promise<Result<unknown>>): Promise<Row> {
  const { rows } = await answer
  return rows[0] as Row
}
