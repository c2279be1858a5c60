import { join } from 'node:path'
import { createDb, errors } from '@covet/db'
import { startProcess } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import { errors as ownErrors, sqlite } from '../src/index.ts'
import { startChild } from './support/child.ts'
import { bodies, temporaryDb } from './support/databases.ts'
import { temporaryFile } from './support/temporary-file.ts'

/** Half a second and more of SQLite's own work, without a row in between. */
const report =
  'with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 6000000) select sum(n) as sum from numbers'
const sum = 18_000_003_000_000

describe('P7 worker: true', () => {
  it('lets the event loop go on while a report runs, which it does not without', async () => {
    const longest = async (worker: boolean): Promise<{ report: number; gap: number }> => {
      await using holder = await temporaryDb({ worker })
      const { db } = holder
      await db.connect()
      const ticks = [performance.now()]
      const timer = setInterval(() => ticks.push(performance.now()), 5)
      const began = performance.now()
      expect(await db.execute({ text: report, params: [] })).toMatchObject({ rows: [{ sum }] })
      const ended = performance.now()
      clearInterval(timer)
      return { report: ended - began, gap: Math.max(...[...ticks, ended].slice(1).map((tick, index) => tick - (ticks[index] ?? 0))) }
    }
    const [apart, inside] = [await longest(true), await longest(false)]
    expect(inside.gap / inside.report).toBeGreaterThan(0.9)
    expect(apart.gap / apart.report).toBeLessThan(0.4)
  })

  it('answers others meanwhile, writes too', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const order: string[] = []
    // Both readers: neither is to be opened while the other reads.
    await Promise.all([db.sql`select 1`, db.sql`select 2`])
    const running = db.execute({ text: report, params: [] }).then(() => order.push('report'))
    await db.sql`insert into notes (id, body) values (1, 'A')`
    order.push(...(await bodies(db)))
    await running
    expect(order).toEqual(['A', 'report'])
  })

  it('gives bytes, large integers and names as they are without, and takes a part of some memory alone', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const part = Buffer.from('--bytes--').subarray(2, 7)
    const statement = { text: 'select ? as bytes, ? as large, ? as "__proto__", ? as word', params: [part, 2n ** 60n, 1, 'æ'] }
    const [row] = (await db.execute(statement)).rows
    expect(Object.entries(row ?? {})).toEqual([
      ['bytes', Buffer.from('bytes')],
      ['large', 2n ** 60n],
      ['__proto__', 1],
      ['word', 'æ'],
    ])
    expect(Buffer.isBuffer(row?.['bytes'])).toBe(true)
    const [cells] = (await db.execute<unknown[]>({ ...statement, rowMode: 'array' })).rows
    expect(cells).toEqual([Buffer.from('bytes'), 2n ** 60n, 1, 'æ'])
  })

  it('takes a large answer in parts, so that others have their turn between them', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const count = 100_000
    const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})`
    const ticks = [performance.now()]
    const timer = setInterval(() => ticks.push(performance.now()), 5)
    const { rows } = await db.execute({ text: `${numbers} select n, n * 2 as twice, x'00' as byte from numbers`, params: [] })
    clearInterval(timer)
    const all = [...ticks, performance.now()]
    const gaps = all.slice(1).map((tick, index) => tick - (all[index] ?? 0))
    expect(Math.max(...gaps) / ((all.at(-1) ?? 0) - (all[0] ?? 0))).toBeLessThan(0.4)
    expect(rows.every(({ n, byte }, index) => n === index + 1 && Buffer.isBuffer(byte))).toBe(true)
    expect(rows).toHaveLength(count)
    const { rows: written, changes } = await db.execute({
      text: `insert into notes (body) ${numbers} select 'note ' || n from numbers where n <= 2000 returning id`,
      params: [],
    })
    expect([written.length, written.at(-1), changes]).toEqual([2_000, { id: 2_000 }, 2_000])
  })

  it('gives statements that run at once on one connection the rows of their own, however many parts they come in', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const range = (from: number, to: number): string =>
      `with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to}) select n from numbers`
    const expected = (from: number, to: number): unknown[] => Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index }))
    const atOnce = (...texts: string[]): Promise<unknown[][]> =>
      db.withConnection((connection) => Promise.all(texts.map(async (text) => (await connection.execute({ text, params: [] })).rows)))
    expect(await atOnce(range(1, 2_500), range(1_000_001, 1_002_500))).toEqual([expected(1, 2_500), expected(1_000_001, 1_002_500)])
    expect(await atOnce(range(1, 3_000), 'select 7 as n')).toEqual([expected(1, 3_000), [{ n: 7 }]])
    const insert = `insert into notes (id, body) select n, 'note ' || n from (${range(1, 1_500)}) returning id as n`
    expect(await atOnce(insert, range(2_001, 4_500))).toEqual([expected(1, 1_500), expected(2_001, 4_500)])

    const numbersOf = async (rows: AsyncIterable<unknown> | Iterable<unknown>, into: unknown[]): Promise<void> => {
      for await (const row of rows) into.push(row)
    }
    const [first, second] = [[], []] as unknown[][]
    const [ended] = await db.withConnection((connection) =>
      Promise.allSettled([
        numbersOf(connection.stream({ text: range(1, 2_500), params: [] }), first!),
        numbersOf(connection.stream({ text: range(5_001, 7_500), params: [] }), second!),
      ]),
    )
    expect(second).toEqual(expected(5_001, 7_500))
    expect(first).toEqual(expected(1, first!.length))
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'db/stream-ended' } })
  })

  it('gives the first of rows that take their time, and hears an abort between them', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const slow = (rows: number): string => `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})
      select (with recursive m (j) as (select n.i union all select j + 1 from m where j < n.i + 100000) select count(*) from m) as count from n`
    const controller = new AbortController()
    const reason = new Error('client left')
    const read = async (rows: number, signal?: AbortSignal): Promise<void> => {
      for await (const { count } of db.stream<{ count: number }>({ text: slow(rows), params: [] }, { ...(signal && { signal }) })) {
        expect(count).toBe(100_001)
        if (signal) setImmediate(() => controller.abort(reason))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await read(1)
    const began = performance.now()
    await read(1)
    const one = performance.now() - began
    await expect(read(2_000, controller.signal)).rejects.toBe(reason)
    expect((performance.now() - began) / one).toBeLessThan(64)
    await read(1)
  })

  it('fails with the errors that there are without, and their causes', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    await db.sql`insert into notes (id, body) values (1, 'A')`
    const violation = await db.sql`insert into notes (id, body) values (2, 'A')`.catch((error: unknown) => error)
    expect(violation).toBeInstanceOf(errors.UniqueViolation)
    expect(violation).toMatchObject({ table: 'notes', columns: ['body'], statusCode: 409, name: 'UniqueViolation' })
    expect((violation as Error).cause).toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' })
    const { stack = '' } = violation as Error
    expect([stack.match(/^.*/)?.[0], stack.includes('map-error.ts'), stack.includes('worker.test.ts')]).toEqual([
      'UniqueViolation: Something with the same value exists already.',
      true,
      true,
    ])
    await expect(db.sql`begin`).rejects.toBeInstanceOf(errors.TransactionControlError)
    await expect(db.execute({ text: 'select ?', params: [{}] })).rejects.toBeInstanceOf(errors.UnbindableValueError)
    await expect(db.sql`select * from nothing`).rejects.toBeInstanceOf(errors.QueryFailed)
    const missing = createDb(sqlite({ file: join(holder.file, 'x', 'app.db'), worker: true }))
    await expect(missing.connect()).rejects.toBeInstanceOf(ownErrors.MissingFolderError)
  })

  it('waits for a lock until the signal aborts, with its reason', async () => {
    await using holder = await temporaryDb({ worker: true, busyTimeout: '1h' })
    const { db, file } = holder
    // What is known to write goes to the writer, which is open: it is asked before the event loop has its turn.
    await db.sql`delete from notes`
    await using child = startChild('lock-holder.ts', [file, '600000'])
    await child.line((line) => line === 'locked')
    const reason = new Error('client left')
    const waiting = [
      (signal: AbortSignal) => db.sql.with({ signal })`delete from notes`,
      (signal: AbortSignal) => db.transaction(async () => undefined, { signal }),
      (signal: AbortSignal) => db.script('delete from notes; delete from notes', { signal }),
    ]
    for (const wait of waiting) {
      const controller = new AbortController()
      const outcome = wait(controller.signal)
      setImmediate(() => controller.abort(reason))
      await expect(outcome).rejects.toBe(reason)
    }
    await child.kill('SIGKILL')
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect(await bodies(db)).toEqual(['A'])
  })

  it('refuses what cannot be sent to a thread as what cannot be bound is refused without, and goes on', async () => {
    for (const worker of [true, false]) {
      await using holder = await temporaryDb({ worker })
      const { db } = holder
      const value = (): number => 1
      const refused = db.execute({ text: 'select ?', params: [value], valuesAsGiven: true })
      await expect(refused).rejects.toMatchObject({ code: 'db/query-failed', statement: 'select ?' })
      await expect(db.execute({ text: 'select ?', params: [value] })).rejects.toBeInstanceOf(errors.UnbindableValueError)
      const more = { text: 'select ? as one', params: [1], note: value }
      expect((await db.execute(more)).rows).toEqual([{ one: 1 }])
    }
  })

  it('says of a table that its own session alone knows that it may be written to', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    await db.withConnection(async (connection) => {
      await connection.script('create temp table drafts (body text); insert into drafts values (1)')
      expect(connection.isReadOnly('select * from drafts')).toBe(false)
      expect(connection.isReadOnly('select * from notes')).toBe(true)
      expect(await connection.execute({ text: 'select * from drafts', params: [] })).toMatchObject({ rows: [{ body: '1' }] })
    })
  })

  it('streams, and gives the connection back after a break, an error and an abort', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const rows = 2_000
    await db.script(`insert into notes (body)
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${rows}) select 'note ' || n from numbers`)
    const read = async (stop: (count: number) => boolean, signal?: AbortSignal): Promise<number> => {
      let count = 0
      for await (const { id } of db.stream<{ id: number }>(
        { text: 'select id from notes order by id', params: [] },
        { ...(signal && { signal }) },
      )) {
        count += 1
        expect(id).toBe(count)
        if (stop(count)) break
      }
      return count
    }
    expect(await read(() => false)).toBe(rows)
    for (let round = 0; round < 4; round += 1) expect(await read((count) => count === 300)).toBe(300)
    const failing = read(() => {
      throw new Error('enough')
    })
    await expect(failing).rejects.toThrow('enough')
    const controller = new AbortController()
    const reason = new Error('client left')
    const aborted = read((count) => {
      if (count === 700) controller.abort(reason)
      return false
    }, controller.signal)
    await expect(aborted).rejects.toBe(reason)
    expect(await read(() => false)).toBe(rows)
    for (const { pools } of await db.health()) for (const { total, idle } of Object.values(pools)) expect(total - idle).toBe(0)
  })

  it('keeps what a transaction that is rolled back wrote from everybody', async () => {
    await using holder = await temporaryDb({ worker: true })
    const { db } = holder
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await db.transaction(() => db.sql`insert into notes (id, body) values (2, 'A')`).catch(() => undefined)
      await db.sql`insert into notes (id, body) values (2, 'B')`
      expect(await bodies(db)).toEqual(['A', 'B'])
      throw new Error('no')
    })
    await expect(outcome).rejects.toThrow('no')
    expect(await bodies(db)).toEqual([])
    await expect(db.transaction(() => db.sql`delete from notes`, { readOnly: true })).rejects.toBeInstanceOf(
      errors.ReadOnlyTransactionError,
    )
  })

  it('keeps no process running that is done', async () => {
    const { file, remove } = temporaryFile()
    await using child = await startProcess(new URL('support/worker-application.ts', import.meta.url), { args: [file] })
    expect(await child.exit).toEqual({ code: 0, signal: null })
    await using db = createDb(sqlite({ file }))
    expect(await bodies(db)).toEqual(['A'])
    await db.close()
    await remove()
  })

  it('tells who was waiting that the thread is gone, and opens another', async () => {
    const { file, remove } = temporaryFile()
    await using child = await startProcess(new URL('support/worker-lost.ts', import.meta.url), { args: [file] })
    expect(await child.exit).toEqual({ code: 0, signal: null })
    const [before, inFlight, afterwards, idle] = JSON.parse(child.stdout) as unknown[]
    expect([before, afterwards]).toMatchObject([{ changes: 1 }, { changes: 1 }])
    expect(inFlight).toEqual({ code: 'db/connection-lost', sent: true })
    // Nobody had asked to keep anything: it is certainly rolled back.
    expect(idle).toEqual({ code: 'db/connection-lost', sent: false })
    await remove()
  })

  it('is not for a database in memory', () => {
    expect(() => sqlite({ file: ':memory:', worker: true })).toThrow(ownErrors.InvalidSqliteOptionError)
    expect(() => sqlite({ file: 'app.db', worker: 1 as never })).toThrow('`worker` is 1, but must be true or false')
  })
})
