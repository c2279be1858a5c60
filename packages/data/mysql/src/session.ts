import type { ServerInfo } from '@covet/db'
import { UnsupportedServerError } from './errors.ts'

export interface SessionOptions {
  /** Milliseconds; 0 is without end. */
  readonly statementTimeout: number
  readonly lockTimeout: number
  readonly idleInTransactionTimeout: number
}

/** Strict about values, dates and groups; without ANSI_QUOTES and NO_BACKSLASH_ESCAPES, on which escaping and scanning rest. */
const sqlMode = [
  'STRICT_TRANS_TABLES',
  'ONLY_FULL_GROUP_BY',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
].join(',')

const oldest = { MariaDB: [10, 6], MySQL: [8, 0] } as const

/**
 * From the version a server greets with: `10.11.6-MariaDB-0+deb12u1`, before MariaDB 11 behind a `5.5.5-`.
 * @throws {UnsupportedServerError}
 */
export function serverOf(greeting: string): ServerInfo {
  const product = /mariadb/i.test(greeting) ? 'MariaDB' : 'MySQL'
  const [major = 0, minor = 0, patch = 0] = (/\d+\.\d+\.\d+/.exec(greeting.replace(/^5\.5\.5-/, ''))?.[0] ?? '').split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldest[product]
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    throw new UnsupportedServerError(`${product} ${major}.${minor}.${patch}`)
  return { product, version: [major, minor, patch] }
}

/** What every connection is set to, in one statement. */
export function sessionSql({ product }: ServerInfo, options: SessionOptions): string {
  const common = {
    sql_mode: `'${sqlMode}'`,
    time_zone: "'+00:00'",
    autocommit: 1,
    innodb_lock_wait_timeout: wholeSeconds(options.lockTimeout, 1),
    // ALTER TABLE waits for readers of the table this long, a day if nobody says otherwise.
    lock_wait_timeout: wholeSeconds(options.lockTimeout, 1),
    // What a statement changes of its session is told with its answer.
    session_track_system_variables: "'*'",
  }
  const own =
    product === 'MariaDB'
      ? {
          tx_isolation: "'REPEATABLE-READ'",
          max_statement_time: options.statementTimeout / 1_000,
          idle_transaction_timeout: wholeSeconds(options.idleInTransactionTimeout, 0),
        }
      : { transaction_isolation: "'REPEATABLE-READ'", max_execution_time: Math.ceil(options.statementTimeout) }
  const settings = Object.entries({ ...common, ...own }).map(([name, value]) => `${name} = ${value}`)
  return `set session ${settings.join(', ')}`
}

/** Seconds in which the reader of a stream has to take some rows, so that a slow one is not cut off. */
const streamPatience = 3_600
const netWriteTimeout = 60

/** What a stream takes off the session while it runs: limits for a statement that the server would work on. */
export function streamSettings({ product }: ServerInfo, { statementTimeout }: SessionOptions): { unlimited: string; limited: string } {
  const limit = product === 'MariaDB' ? 'max_statement_time' : 'max_execution_time'
  const value = product === 'MariaDB' ? statementTimeout / 1_000 : Math.ceil(statementTimeout)
  return {
    unlimited: `set session ${limit} = 0, net_write_timeout = ${streamPatience}`,
    limited: `set session ${limit} = ${value}, net_write_timeout = ${netWriteTimeout}`,
  }
}

function wholeSeconds(ms: number, min: number): number {
  return Math.max(min, Math.ceil(ms / 1_000))
}
