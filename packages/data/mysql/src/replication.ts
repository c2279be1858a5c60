import type { NodeRole, Replication, ServerInfo } from '@covet/db'
import { errnoOf } from './map-error.ts'

/** Reads one statement's rows, as objects. */
export type Ask = (sql: string, params?: readonly unknown[], signal?: AbortSignal) => Promise<readonly Record<string, unknown>[]>

/** The privilege that tells of replication is not everybody's. */
const missingPrivilege = 1227

interface Words {
  readonly isReadOnly: string
  readonly replicas: string
  readonly position: string
  readonly reached: (position: string, timeoutMs: number) => [sql: string, params: unknown[]]
}

const words: Record<'MariaDB' | 'MySQL', Words> = {
  MariaDB: {
    isReadOnly: 'select @@global.read_only as readOnly',
    replicas: 'show all slaves status',
    position: 'select @@global.gtid_current_pos as position',
    reached: (position, timeoutMs) => ['select master_gtid_wait(?, ?) as outcome', [position, timeoutMs / 1_000]],
  },
  MySQL: {
    isReadOnly: 'select @@global.read_only or @@global.super_read_only as readOnly',
    replicas: 'show replica status',
    position: 'select @@global.gtid_executed as position',
    // Without a time it waits for ever, and 0 is without a time.
    reached: (position, timeoutMs) => ['select wait_for_executed_gtid_set(?, ?) as outcome', [position, Math.max(timeoutMs, 1) / 1_000]],
  },
}

/** The place of a server among others, by its global transaction ids. */
export function replicationOf({ product }: ServerInfo, ask: Ask): Replication {
  const { isReadOnly, replicas, position, reached } = words[product === 'MySQL' ? 'MySQL' : 'MariaDB']

  return {
    async status(signal) {
      const [row] = await ask(isReadOnly, [], signal)
      const role: NodeRole = Number(row?.['readOnly']) === 0 ? 'primary' : 'replica'
      if (role === 'primary') return { role }
      const sources = await unlessForbidden(() => ask(replicas, [], signal))
      return sources === undefined ? { role } : { role, lagMs: lagOf(sources) }
    },
    async position() {
      const [row] = await ask(position)
      const found = row?.['position']
      // MySQL breaks a long set into lines.
      return typeof found === 'string' ? found.replaceAll('\n', '') : ''
    },
    async reached(wanted, timeoutMs) {
      // Without a binary log there is no position, and so nothing that could be proven.
      if (wanted === '') return false
      const [row] = await ask(...reached(wanted, timeoutMs))
      return row?.['outcome'] === 0
    },
  }
}

async function unlessForbidden(
  show: () => Promise<readonly Record<string, unknown>[]>,
): Promise<readonly Record<string, unknown>[] | undefined> {
  try {
    return await show()
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    if (errnoOf(cause) === missingPrivilege) return undefined
    throw error
  }
}

/**
 * The seconds of the source that is furthest behind; one that stands still is behind without end. Without a source nothing
 * that others write arrives: a primary that was put out of service.
 */
function lagOf(sources: readonly Record<string, unknown>[]): number {
  if (sources.length === 0) return Infinity
  const behind = sources.map((source) => source['Seconds_Behind_Master'] ?? source['Seconds_Behind_Source'])
  return Math.max(...behind.map((seconds) => (seconds === null || seconds === undefined ? Infinity : Number(seconds) * 1_000)))
}
