import type { Duration } from '@covet/core'
import { type ConnectionOptions, resolveTimeout } from '@covet/db'
import { InvalidSqliteOptionError } from './errors.ts'

/** What a commit survives. Both survive the end of the process; only `full` survives the loss of power. */
export type Durability = 'full' | 'normal'

export interface SqliteOptions extends ConnectionOptions {
  /** Path of the file, relative to the working directory, or `:memory:` for a database that ends with its one connection. */
  file: string
  /** `normal` is faster and may lose the last commits when power fails, without harm to the file. @default 'full' */
  durability?: Durability
  /** Connections for reads outside of a writing transaction, opened when needed. @default 2 */
  readers?: number
  /** How long to wait for another process that holds the database's lock. The event loop goes on. @default '5s' */
  busyTimeout?: Duration
  /** Prepared statements kept per connection. @default 256 */
  statementCache?: number
  /**
   * Connections live in threads of their own: the event loop goes on while a long report runs, and every query costs a
   * round trip between threads. Not for a database in memory, nor inside of a bundle. @default false
   */
  worker?: boolean
}

export interface ResolvedSqliteOptions {
  readonly file: string
  readonly inMemory: boolean
  readonly durability: Durability
  readonly readers: number
  readonly busyTimeout: number
  readonly statementCache: number
  readonly worker: boolean
}

/** @throws {InvalidSqliteOptionError} */
export function resolveSqliteOptions({
  file,
  durability = 'full',
  readers = 2,
  busyTimeout = '5s',
  statementCache = 256,
  worker = false,
}: SqliteOptions): ResolvedSqliteOptions {
  if (typeof file !== 'string' || file.trim() === '' || file.startsWith('file:') || file.includes('\0')) {
    throw new InvalidSqliteOptionError('file', file, "a path, or ':memory:'")
  }
  if (durability !== 'full' && durability !== 'normal') throw new InvalidSqliteOptionError('durability', durability, "'full' or 'normal'")
  if (!isWhole(readers, 0)) throw new InvalidSqliteOptionError('readers', readers, 'a whole number, 0 or more')
  if (!isWhole(statementCache, 2)) throw new InvalidSqliteOptionError('statementCache', statementCache, 'a whole number, 2 or more')
  const inMemory = file === ':memory:'
  assertWorker(worker, inMemory)
  return {
    file,
    inMemory,
    durability,
    readers,
    busyTimeout: resolveTimeout('busyTimeout', busyTimeout),
    statementCache,
    worker,
  }
}

function assertWorker(worker: boolean, inMemory: boolean): void {
  if (typeof worker !== 'boolean') throw new InvalidSqliteOptionError('worker', worker, 'true or false')
  if (worker && inMemory) throw new InvalidSqliteOptionError('worker', worker, "false for ':memory:', which is for this thread alone")
}

function isWhole(value: number, min: number): boolean {
  return Number.isSafeInteger(value) && value >= min
}
