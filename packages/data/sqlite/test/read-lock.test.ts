import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import { ReadLock } from '../src/read-lock.ts'
import { bodies, temporaryDb } from './support/databases.ts'
import { temporaryFile } from './support/temporary-file.ts'

/** More than it takes for the lock to be held. */
const many = 1_000
const megabyte = 1_000_000

async function readOften(read: () => Promise<unknown>): Promise<void> {
  for (let count = 0; count < many; count += 1) await read()
}

function lockOn(file: string): ReadLock & Disposable {
  const lock = new ReadLock(file)
  lock.join()
  return Object.assign(lock, { [Symbol.dispose]: () => lock.leave() })
}

function readClosely(lock: ReadLock): void {
  for (let count = 0; count < many; count += 1) lock.reading()
}

/** Whether a checkpoint from outside begins the log anew. */
function canRestart(file: string): boolean {
  const other = new BetterSqlite(file, { timeout: 0 })
  try {
    const [answer] = other.pragma('wal_checkpoint(truncate)') as { busy: number }[]
    return answer?.busy === 0
  } finally {
    other.close()
  }
}

describe('the read lock', () => {
  it('is held once reads follow closely on one another, and let go before a write and after 10 ms', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    using lock = lockOn(file)
    await db.sql`insert into notes (body) values ('kept')`
    lock.reading()
    expect(lock.isHeld).toBe(false)
    readClosely(lock)
    expect(lock.isHeld).toBe(true)
    expect(canRestart(file)).toBe(false)
    lock.release()
    expect(lock.isHeld).toBe(false)
    expect(canRestart(file)).toBe(true)
    readClosely(lock)
    expect(lock.isHeld).toBe(true)
    await pause(50)
    expect(lock.isHeld).toBe(false)
  })

  it('is let go after 10 ms by an event loop that never turns', async () => {
    await using holder = await temporaryDb()
    using lock = lockOn(holder.file)
    readClosely(lock)
    let states = ''
    for (const end = performance.now() + 300; performance.now() < end;) {
      lock.reading()
      if (states.at(-1) !== String(lock.isHeld)[0]) states += String(lock.isHeld)[0]
    }
    expect(states).toMatch(/^tft/)
  })

  it('is not held for reads that are far from one another', async () => {
    await using holder = await temporaryDb()
    using lock = lockOn(holder.file)
    for (let count = 0; count < 3; count += 1) {
      for (let reads = 0; reads < 63; reads += 1) lock.reading()
      await pause(60)
      lock.reading()
      expect(lock.isHeld).toBe(false)
    }
  })

  it.each(['delete', 'missing'])('is not held where there is no write-ahead log: %s', async (kind) => {
    const { file, remove } = temporaryFile()
    if (kind === 'delete') new BetterSqlite(file).exec('create table notes (id integer primary key)').close()
    using lock = lockOn(file)
    readClosely(lock)
    expect(lock.isHeld).toBe(false)
    expect(readdirSync(join(file, '..'))).toEqual(kind === 'delete' ? ['test.db'] : [])
    await remove()
  })

  it('is taken again when what kept it away is over', async () => {
    const { file, remove } = temporaryFile()
    const other = new BetterSqlite(file)
    other.pragma('locking_mode = exclusive')
    other.pragma('journal_mode = wal')
    other.exec('create table notes (id integer primary key)')
    using lock = lockOn(file)
    readClosely(lock)
    expect(lock.isHeld).toBe(false)
    other.close()
    const user = new BetterSqlite(file)
    user.exec('select * from notes')
    await eventually(() => {
      readClosely(lock)
      expect(lock.isHeld).toBe(true)
    })
    user.close()
    await remove()
  })

  it('never shows an older state than the last commit, of this process or of another connection', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    const other = new BetterSqlite(file)
    for (const round of [1, 2, 3]) {
      await readOften(() => bodies(db))
      other.prepare('insert into notes (body) values (?)').run(`other ${round}`)
      expect((await bodies(db)).at(-1)).toBe(`other ${round}`)
      await readOften(() => bodies(db))
      await db.transaction(async () => {
        await db.sql`insert into notes (body) values (${`own ${round}`})`
      })
      expect((await bodies(db)).at(-1)).toBe(`own ${round}`)
    }
    other.close()
  })

  it('is not taken for a second after somebody else wrote, and is taken again then', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    using lock = lockOn(file)
    const other = new BetterSqlite(file)
    readClosely(lock)
    expect(lock.isHeld).toBe(true)
    lock.release()
    await db.sql`insert into notes (body) values ('own')`
    readClosely(lock)
    expect(lock.isHeld).toBe(true)
    let writes = 0
    // A machine with much to do may come back so late that the write is long ago.
    await eventually(() => {
      while (lock.isHeld) lock.reading()
      other.exec(`insert into notes (body) values ('other ${(writes += 1)}')`)
      readClosely(lock)
      expect(lock.isHeld).toBe(false)
    })
    await pause(1_100)
    readClosely(lock)
    expect(lock.isHeld).toBe(true)
    other.close()
  })

  it.each([
    ['this process', [true, false]],
    ['another one', [false, true]],
    ['both', [true, true]],
  ] as const)('does not keep the log from beginning anew where %s writes beside many reads', async (_, [own, others]) => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    const large = 'x'.repeat(4_000)
    const other = new BetterSqlite(file)
    const insert = other.prepare('insert into notes (body) values (?)')
    for (let round = 0; round < 100; round += 1) {
      await readOften(() => db.sql`select 1 from notes where id = 1`)
      for (let row = 0; row < 20; row += 1) {
        if (own) await db.sql`insert into notes (body) values (${`own ${round} ${row} ${large}`})`
        if (others) insert.run(`other ${round} ${row} ${large}`)
      }
    }
    other.close()
    // A log of 1,000 pages of 4 kB is moved into the file.
    expect(statSync(file).size + statSync(`${file}-wal`).size).toBeGreaterThan(own && others ? 16 * megabyte : 8 * megabyte)
    expect(statSync(`${file}-wal`).size).toBeLessThan(6 * megabyte)
  })

  it('ends with the connections, and the file is alone in its folder', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    await db.sql`insert into notes (body) values ('kept')`
    await readOften(() => bodies(db))
    await db.close()
    expect(readdirSync(join(file, '..'))).toEqual(['test.db'])
  })
})
