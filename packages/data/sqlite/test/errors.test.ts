import { errors } from '@covet/db'
import { failure } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import { mapError } from '../src/map-error.ts'
import { bodies, memoryDb } from './support/databases.ts'

describe('violations', () => {
  it('take the type of a STRICT column, and what a trigger refuses, for a check', async () => {
    await using db = await memoryDb()
    await db.script(`create table strict_notes (views integer) strict;
      create trigger no_deletes before delete on notes begin select raise(abort, 'notes stay'); end`)
    const type = await failure(db.sql`insert into strict_notes (views) values ('many')`)
    expect(type).toBeInstanceOf(errors.CheckViolation)
    expect(type).toMatchObject({ table: 'strict_notes', columns: ['views'] })
    await db.sql`insert into notes (id, body) values (1, 'A')`
    const trigger = await failure(db.sql`delete from notes`)
    expect(trigger).toBeInstanceOf(errors.CheckViolation)
    expect(trigger).toMatchObject({ cause: { message: 'notes stay' } })
  })
})

describe('an error after which SQLite rolled back on its own', () => {
  it('ends the transaction instead of letting the rest of it commit one by one', async () => {
    await using db = await memoryDb()
    await db.sql`insert into notes (id, body) values (1, 'A')`
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (2, 'B')`
      await failure(db.sql`insert or rollback into notes (id, body) values (1, 'again')`)
      await failure(db.sql`insert into notes (id, body) values (3, 'C')`)
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(await bodies(db)).toEqual(['A'])
  })
})

describe('mapping', () => {
  const sqliteError = (code: string, message = 'message'): Error => Object.assign(new Error(message), { code })
  const map = (error: unknown, readOnly = false): errors.DatabaseError => mapError(error, { readOnly, statement: 'select 1' })

  it('tells a lock from a snapshot that is too old', () => {
    expect(map(sqliteError('SQLITE_BUSY'))).toBeInstanceOf(errors.LockTimeout)
    expect(map(sqliteError('SQLITE_BUSY_RECOVERY'))).toMatchObject({ code: 'db/lock-timeout', retryable: true })
    expect(map(sqliteError('SQLITE_LOCKED_SHAREDCACHE'))).toBeInstanceOf(errors.LockTimeout)
    expect(map(sqliteError('SQLITE_BUSY_SNAPSHOT'))).toMatchObject({ code: 'db/serialization-failure', retryable: true })
  })

  it('tells a file that cannot be written from a transaction that must not write', () => {
    expect(map(sqliteError('SQLITE_READONLY_DBMOVED'))).toBeInstanceOf(errors.ReadOnlyNode)
    expect(map(sqliteError('SQLITE_READONLY'), true)).toBeInstanceOf(errors.ReadOnlyTransactionError)
  })

  it('passes on what is of the taxonomy already, and wraps whatever else it gets', () => {
    const known = new errors.PoolTimeout(1, { role: 'writer', max: 1, total: 1, idle: 0, waiting: 0 })
    expect(map(known)).toBe(known)
    expect(map(new TypeError('The database connection is not open'))).toBeInstanceOf(errors.ConnectionLost)
    expect(map('thrown')).toMatchObject({ code: 'db/query-failed', statement: 'select 1', cause: 'thrown' })
    expect(map(sqliteError('SQLITE_CONSTRAINT_DATATYPE'))).toMatchObject({ code: 'db/check-violation', columns: [] })
    expect(map(sqliteError('SQLITE_CONSTRAINT_UNIQUE', 'UNIQUE constraint failed'))).toBeInstanceOf(errors.UniqueViolation)
    expect(map(sqliteError('SQLITE_CONSTRAINT_ROWID', 'UNIQUE constraint failed: t.rowid'))).toMatchObject({ columns: ['rowid'] })
  })
})
