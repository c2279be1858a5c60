import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDb } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { errors, sqlite } from '../src/index.ts'
import { bodies, temporaryDb } from './support/databases.ts'
import { temporaryFile } from './support/temporary-file.ts'

describe('opening', () => {
  it('creates the file, but not its folder', async () => {
    const { folder, remove } = temporaryFile()
    const file = join(folder, 'missing', 'app.db')
    const db = createDb(sqlite({ file }))
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.MissingFolderError)
    await expect(db.connect()).rejects.toThrow(`The folder ${join(folder, 'missing')} for the database ${file} does not exist.`)
    await remove()
  })

  it('says what is wrong with a file that is no database', async () => {
    const { file, folder, remove } = temporaryFile()
    writeFileSync(file, 'not a database, but long enough to have a header '.repeat(20))
    const db = createDb(sqlite({ file }))
    await expect(db.connect()).rejects.toMatchObject({
      code: 'db/connection-failed',
      message: expect.stringContaining(`file is not a database: ${file}`),
    })
    await expect(createDb(sqlite({ file: folder })).connect()).rejects.toMatchObject({ code: 'db/connection-failed' })
    await remove()
  })

  it('works when the first query of all only reads', async () => {
    const { file, remove } = temporaryFile()
    const db = createDb(sqlite({ file }))
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    await db.close()
    await remove()
  })

  it('serves two databases over one file', async () => {
    await using holder = await temporaryDb()
    const { db, file } = holder
    await using other = createDb(sqlite({ file }))
    await Promise.all([db.sql`insert into notes (id, body) values (1, 'A')`, other.sql`insert into notes (id, body) values (2, 'B')`])
    expect(await bodies(other)).toEqual(['A', 'B'])
  })
})

describe('options', () => {
  it.each([
    [{ file: '' }, '`file` is ""'],
    [{ file: 'file:app.db' }, '`file` is "file:app.db"'],
    [{ file: 'a\0b' }, '`file`'],
    [{} as { file: string }, '`file` is missing'],
    [{ file: 'a', durability: 'none' as 'full' }, '`durability` is "none"'],
    [{ file: 'a', readers: -1 }, '`readers` is -1'],
    [{ file: 'a', statementCache: 1 }, '`statementCache` is 1'],
  ])('%p is refused', (options, message) => {
    expect(() => sqlite(options)).toThrow(errors.InvalidSqliteOptionError)
    expect(() => sqlite(options)).toThrow(message)
  })

  it('durations may have units', () => {
    expect(() => sqlite({ file: 'a', busyTimeout: '5s', pool: { acquireTimeout: '1m' }, slowQuery: { over: '200ms' } })).not.toThrow()
    expect(() => sqlite({ file: 'a', busyTimeout: 'soon' as '5s' })).toThrow('is not a duration')
  })

  it('statementCache bounds the prepared statements, not what can be run', async () => {
    await using holder = await temporaryDb({ statementCache: 2 })
    const { db } = holder
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 10; n += 1) expect((await db.execute({ text: `select ${n} as n`, params: [] })).rows).toEqual([{ n }])
    }
  })
})
