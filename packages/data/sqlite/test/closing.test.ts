import { cpSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createDb, errors } from '@covet/db'
import { startProcess } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import { sqlite } from '../src/index.ts'
import { bodies, temporaryDb } from './support/databases.ts'
import { temporaryFile } from './support/temporary-file.ts'

describe.each([{ worker: false }, { worker: true }])('closing with %o', (options) => {
  it('ends a stream that is open with ConnectionLost, and leaves the file alone in its folder', async () => {
    const { file, folder, remove } = temporaryFile()
    const db = createDb(sqlite({ file, ...options }))
    await db.script(`create table notes (id integer primary key, body text not null);
      insert into notes (body)
        with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 5000) select 'note ' || n from numbers`)
    let read = 0
    const reading = async (): Promise<void> => {
      for await (const _ of db.sql.stream`select * from notes`) {
        read += 1
        if (read === 1) await db.close({ drain: 0 })
      }
    }
    await expect(reading()).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(read).toBeLessThanOrEqual(256)
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
    expect(readdirSync(folder)).toEqual(['test.db'])
    await remove()
  })

  it('leaves the file alone in its folder whatever was read and written', async () => {
    await using holder = await temporaryDb(options)
    const { db, file } = holder
    await Promise.all([1, 2, 3].map((id) => db.sql`insert into notes (id, body) values (${id}, ${String(id)})`))
    await Promise.all([bodies(db), bodies(db), db.sql`select 1`])
    for await (const _ of db.sql.stream`select * from notes`) break
    await db.close()
    expect(readdirSync(join(file, '..'))).toEqual(['test.db'])
  })
})

describe('closing a thread', () => {
  it('does not wait for what SQLite runs, which is undone when it ends, with its locks', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db, file } = holder
    const other = new BetterSqlite(file, { timeout: 0 })
    const isLocked = (): boolean => {
      try {
        other.exec('begin immediate; rollback')
        return false
      } catch {
        return true
      }
    }
    const write = db
      .transaction(async () => {
        await db.sql`insert into notes (body) values ('begun')`
        await db.sql`insert into notes (body)
          with recursive n (i) as (select 1 union all select i + 1 from n where i < 15000000) select 'note ' || max(i) from n`
      })
      .catch((error: unknown) => error)
    while (!isLocked()) await pause(1)
    // From the first statement to the long one.
    await pause(50)
    await db.close({ drain: '20ms' })
    expect(await write).toMatchObject({ code: 'db/connection-lost', sent: true })
    expect(isLocked()).toBe(true)
    other.close()
    await using afterwards = createDb(sqlite({ file, busyTimeout: '1m' }))
    await afterwards.sql`insert into notes (body) values ('afterwards')`
    expect(await bodies(afterwards)).toEqual(['afterwards'])
  })
})

describe('a thread that cannot start', () => {
  const open = new URL('support/worker-open.ts', import.meta.url)
  const package_ = new URL('..', import.meta.url)

  it('fails with ConnectionFailedError when it is ended while it opens, and when it is not allowed', async () => {
    const { file, remove } = temporaryFile()
    await using ended = await startProcess(open, { args: [file, 'ended'] })
    const nodeArgs = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons']
    await using forbidden = await startProcess(open, { args: [file], nodeArgs })
    expect([await ended.exit, await forbidden.exit]).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ])
    expect(ended.stdout).toMatch(/^db\/connection-failed .*the thread ended with/)
    expect(forbidden.stdout).toMatch(/^db\/connection-failed .*--allow-worker/)
    await remove()
  })

  it('fails with ConnectionFailedError when its program is not there, as a bundler leaves it', async () => {
    const { file, folder, remove } = temporaryFile()
    for (const name of ['package.json', 'src']) cpSync(new URL(name, package_), join(folder, name), { recursive: true })
    cpSync(open, join(folder, 'open.ts'))
    symlinkSync(fileURLToPath(new URL('node_modules', package_)), join(folder, 'node_modules'))
    rmSync(join(folder, 'src/thread/program.ts'))
    await using child = await startProcess(join(folder, 'open.ts'), { args: [file] })
    expect(await child.exit).toEqual({ code: 0, signal: null })
    expect(child.stdout).toMatch(/^db\/connection-failed .*program\.ts.* outside of the bundle/)
    await remove()
  })

  it('starts for a program that is given as text', async () => {
    const { file, remove } = temporaryFile()
    const text = `import { createDb } from '@covet/db'
      import { sqlite } from '@covet/sqlite'
      const db = createDb(sqlite({ file: ${JSON.stringify(file)}, worker: true }))
      console.log(await db.sql\`select 1 as one\`)
      await db.close()`
    await using child = await startProcess('text', { nodeArgs: ['--input-type=module', '-e', text], cwd: fileURLToPath(package_) })
    expect(await child.exit).toEqual({ code: 0, signal: null })
    expect(child.stdout).toBe('[ { one: 1 } ]\n')
    await remove()
  })
})
