import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { errors, type Role } from '@covet/db'
import { retryWhileBusy } from './busy.ts'
import { SqliteConnection } from './connection.ts'
import { MissingFolderError } from './errors.ts'
import { mapError, messageOf } from './map-error.ts'
import type { ResolvedSqliteOptions } from './options.ts'
import type { ReadLock } from './read-lock.ts'

const walLimit = 64 * 1_024 * 1_024

/**
 * @param readLock what the connections of one driver share
 * @throws {MissingFolderError} {@link ConnectionFailedError}
 */
export async function openConnection(options: ResolvedSqliteOptions, role: Role, readLock?: ReadLock): Promise<SqliteConnection> {
  const readOnly = role !== 'writer'
  const { busyTimeout, statementCache, inMemory } = options
  if (!inMemory) assertFolder(options.file)
  try {
    const db = new BetterSqlite(options.file, { readonly: readOnly, timeout: 0 })
    try {
      await retryWhileBusy(() => configure(db, options, readOnly), { timeout: busyTimeout })
    } catch (error) {
      db.close()
      throw error
    }
    return new SqliteConnection(db, { busyTimeout, statementCache, readOnly, readLock })
  } catch (error) {
    throw openingError(error, options.file, readOnly)
  }
}

function configure(db: BetterSqlite.Database, { durability, inMemory }: ResolvedSqliteOptions, readOnly: boolean): void {
  // Functions and virtual tables named in the schema run only when they are harmless: the file may come from elsewhere.
  db.pragma('trusted_schema = off')
  if (readOnly) return
  if (!inMemory) db.pragma('journal_mode = wal')
  db.pragma(`journal_size_limit = ${walLimit}`)
  db.pragma(`synchronous = ${durability}`)
  db.pragma('foreign_keys = on')
}

function assertFolder(file: string): void {
  const folder = dirname(resolve(file))
  if (!existsSync(folder)) throw new MissingFolderError(folder, file)
}

function openingError(error: unknown, file: string, readOnly: boolean): Error {
  const mapped = mapError(error, { readOnly })
  if (!(mapped instanceof errors.QueryFailed)) return mapped
  return new errors.ConnectionFailedError(`${messageOf(error)}: ${file}`, { cause: error })
}
