import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from '@jest/globals'
import { startChild } from './support/child.ts'
import { temporaryDb } from './support/databases.ts'

describe('a process killed while it writes', () => {
  it('has lost no acknowledged row, and leaves a file without damage', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    for (let round = 0; round < 3; round += 1) {
      await db.sql`delete from notes`
      await using child = startChild('writer.ts', [file])
      await child.line((line) => Number(line) >= 150)
      await child.kill('SIGKILL')
      const acknowledged = child.lines.map(Number)
      const present = new Set((await db.sql<{ id: number }>`select id from notes`).map(({ id }) => id))
      expect(acknowledged.length).toBeGreaterThanOrEqual(150)
      expect(acknowledged.filter((id) => !present.has(id))).toEqual([])
      expect(await db.sql`pragma integrity_check`).toEqual([{ integrity_check: 'ok' }])
    }
  })
})

describe('closing', () => {
  it('moves the write-ahead log into the file', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    await db.sql`insert into notes (id, body) values (1, 'A')`
    await db.sql`select * from notes`
    await db.close()
    // Immutable: SQLite reads nothing but the file itself.
    const alone = new BetterSqlite(file, { readonly: true })
    expect(alone.prepare('select body from notes').all()).toEqual([{ body: 'A' }])
    alone.close()
  })
})
