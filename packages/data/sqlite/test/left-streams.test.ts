import { createDb, type Database } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { sqlite } from '../src/index.ts'
import { temporaryFile } from './support/temporary-file.ts'

const count = 3_000
const all = { text: 'select id from notes order by id', params: [] }

const places = [
  ['in a file', {}],
  ['in threads', { worker: true }],
  ['in memory', { file: ':memory:' }],
] as const

describe.each(places)('P2 P5 DB-7 a stream left open %s by the work of withConnection', (_, options) => {
  async function withNotes(test: (db: Database) => Promise<void>): Promise<void> {
    const { file, remove } = temporaryFile()
    const db = createDb(sqlite({ file, durability: 'normal', ...options }))
    try {
      await db.script(`create table notes (id integer primary key, body text);
        insert into notes (id)
          with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count}) select n from numbers`)
      await test(db)
    } finally {
      await db.close({ drain: 0 })
      await remove()
    }
  }

  function leave(db: Database): Promise<{ rows: AsyncIterator<unknown> }> {
    return db.withConnection(async (connection) => {
      const rows = (connection.stream(all) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      expect(await rows.next()).toEqual({ done: false, value: { id: 1 } })
      return { rows }
    })
  }

  async function rest(rows: AsyncIterator<unknown>): Promise<number> {
    for (let read = 0; ; read += 1) if ((await rows.next()).done === true) return read
  }

  const told = { code: 'db/stream-ended', statement: all.text }

  it('ends, and who reads on is told, while its connection goes on', () =>
    withNotes(async (db) => {
      const before = await db.withConnection((connection) => connection)
      const { rows } = await leave(db)
      await db.sql`update notes set body = ${'A'} where id = ${1}`
      await expect(rest(rows)).rejects.toMatchObject(told)
      expect(await rows.next()).toEqual({ done: true, value: undefined })
      expect(await db.withConnection((connection) => connection === before)).toBe(true)
      expect(await db.sql`select id from notes where body = ${'A'}`).toEqual([{ id: 1 }])
    }))

  it('ends in a transaction, which goes on with savepoints to its commit or rollback', () =>
    withNotes(async (db) => {
      await db.transaction(async () => {
        const { rows } = await leave(db)
        await db.sql`update notes set body = ${'A'} where id = ${1}`
        await db.transaction(() => leave(db))
        await expect(rest(rows)).rejects.toMatchObject(told)
        await db.sql`update notes set body = ${'A'} where id = ${2}`
      })
      const undone = db.transaction(async () => {
        await db.sql`delete from notes where id > ${1}`
        await leave(db)
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
      expect(await db.sql`select id from notes where body = ${'A'} order by id`).toEqual([{ id: 1 }, { id: 2 }])
    }))

  it('ends under a reader that goes on beside others', () =>
    withNotes(async (db) => {
      const { reading } = await db.withConnection(async (connection) => {
        const rows = (connection.stream(all) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
        await rows.next()
        const reading = rest(rows).catch((error: unknown) => error)
        return { reading }
      })
      await db.sql`update notes set body = ${'A'} where id = ${1}`
      const read = await reading
      if (read !== count - 1) expect(['db/stream-ended', 'db/connection-lost']).toContain((read as { code?: string }).code)
      expect(await db.sql`select id from notes where body = ${'A'}`).toEqual([{ id: 1 }])
    }))

  it('leaves the next stream of the connection alone, whatever its reader does', () =>
    withNotes(async (db) => {
      const { rows } = await leave(db)
      await db.withConnection(async (connection) => {
        const next = (connection.stream(all) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
        await next.next()
        await rows.return?.()
        expect(await rest(next)).toBe(count - 1)
      })
    }))
})
