import { createDb, errors } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { ownServer } from '@covet-workspace/tooling/services'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { mysql } from '../src/index.ts'
import { bodies, connectionId, describeServers, running, temporaryDb } from './support/servers.ts'
import { freeze, thaw } from './support/freeze.ts'

describeServers('an abort', (server) => {
  it('DB-13, trap 13: ends the statement on the server, and its connection serves the next one', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const id = await connectionId(db)
    const controller = new AbortController()
    const reason = new Error('client left')
    const slow = failure(db.sql.with({ signal: controller.signal })`select sleep(10)`)
    await eventually(async () => expect(await running(other, 'select sleep(10)')).toBeGreaterThan(0))
    const aborted = performance.now()
    controller.abort(reason)
    expect(await slow).toBe(reason)
    expect(performance.now() - aborted).toBeLessThan(2_000)
    expect(await running(other, 'select sleep(10)')).toBe(0)
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    expect(await connectionId(db)).toBe(id)
  })

  it('undoes the statement alone when it runs in a transaction, which goes on', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    await db.transaction(async () => {
      await db.sql`insert into notes (body) values ('before')`
      const controller = new AbortController()
      const text = `insert into notes (body) select concat('during ', sleep(10))`
      const slow = failure(db.execute({ text, params: [] }, { signal: controller.signal }))
      await eventually(async () => expect(await running(other, text)).toBeGreaterThan(0))
      controller.abort()
      expect(await slow).toBe(controller.signal.reason)
      await db.sql`insert into notes (body) values ('after')`
    })
    expect(await bodies(db)).toEqual(['before', 'after'])
  })

  it('ends the wait for a lock', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    await db.sql`insert into notes (body) values ('locked')`
    await other.transaction(async () => {
      await other.sql`update notes set views = 1 where id = 1`
      const controller = new AbortController()
      const waiting = failure(db.sql.with({ signal: controller.signal })`update notes set views = 2 where id = 1`)
      await eventually(async () => expect(await running(other, 'update notes set views = 2 where id = 1')).toBeGreaterThan(0))
      controller.abort()
      expect(await waiting).toBe(controller.signal.reason)
    })
    expect(await db.sql`select views from notes`).toEqual([{ views: 1 }])
  })

  it('that came before keeps the statement from being sent', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(db.execute({ text: `insert into notes (body) values ('A')`, params: [] }, { signal })).rejects.toThrow('too late')
    await expect(db.transaction(async () => 1, { signal })).rejects.toThrow('too late')
    await expect(db.sql.with({ signal }).stream`select 1`.next()).rejects.toThrow('too late')
    expect(await bodies(db)).toEqual([])
  })

  it('never reaches a later statement, even when it comes as its own one ends', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    for (let round = 0; round < 30; round += 1) {
      const controller = new AbortController()
      const query = failure(db.sql.with({ signal: controller.signal })`select sleep(${round / 10_000})`)
      setTimeout(() => controller.abort(), 1)
      await query
      expect(await db.sql`select sleep(0.001) as slept`).toEqual([{ slept: 0 }])
    }
  })
})

describeWhere('mariadb', 'a server that is frozen', () => {
  // Ten seconds may opening a connection take where nothing else is said, two a cancellation.
  it.each([
    ['the time opening one may take', { connectTimeout: '300ms' }, [0, 9_000]],
    ['cancelTimeout', { cancelTimeout: '3s' }, [2_900, 9_000]],
  ] as const)(
    'trap 13: costs the connection, because nobody can tell it to end the statement, and %s',
    async (_, limit, [least, most]) => {
      await using server = await ownServer('mariadb', () => [])
      await using db = createDb(mysql({ url: server.url, pool: { max: 1 }, ...limit }))
      const id = await connectionId(db)
      await freeze(server.pid)
      const asked = performance.now()
      try {
        const controller = new AbortController()
        const query = failure(db.sql.with({ signal: controller.signal })`select * from mysql.event`)
        controller.abort(new Error('client left'))
        expect(await query).toMatchObject({ message: 'client left' })
        expect(performance.now() - asked).toBeGreaterThan(least)
        expect(performance.now() - asked).toBeLessThan(most)
      } finally {
        thaw(server.pid)
      }
      await eventually(async () => expect(await connectionId(db)).not.toBe(id))
    },
    60_000,
  )
})

describeWhere('mariadb', 'a server that freezes during COMMIT', () => {
  it('T4, trap 4: leaves it open whether the transaction happened', async () => {
    await using server = await ownServer('mariadb', () => [])
    await using db = createDb(mysql({ url: server.url, statementTimeout: '100ms', connectTimeout: '300ms' }))
    await db.script('create table notes (id int primary key)')
    try {
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes values (1)`
        await freeze(server.pid)
      })
      await expect(outcome).rejects.toBeInstanceOf(errors.CommitUnknown)
    } finally {
      thaw(server.pid)
    }
  }, 60_000)
})

describeServers('statementTimeout', (server) => {
  it('ends a query, and a write, with an error of its own', async () => {
    await using holder = await temporaryDb(server, { statementTimeout: '200ms' })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const slowly = `insert into notes (body) select concat('slow ', sleep(10))`
    await expect(db.execute({ text: slowly, params: [] })).rejects.toMatchObject({ code: 'db/statement-timeout', statusCode: 503 })
    const heavy = 'select count(*) as n from information_schema.columns a, information_schema.columns b, information_schema.columns c'
    await expect(db.execute({ text: heavy, params: [] })).rejects.toBeInstanceOf(errors.StatementTimeout)
    expect(await running(other, slowly)).toBe(0)
    expect(await bodies(db)).toEqual([])
  })

  it('of 0 is none', async () => {
    await using holder = await temporaryDb(server, { statementTimeout: 0 })
    expect(await holder.db.sql`select sleep(0.3) as slept`).toEqual([{ slept: 0 }])
  })
})

describeServers('a stream', (server) => {
  const endless = 'select a.table_name from information_schema.columns a, information_schema.columns b, information_schema.columns c'

  it('holds the server back while its reader is busy', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    await db.script('create table numbers (n int primary key, filling varchar(1000) not null)')
    const rows = Array.from({ length: 1_000 }, (_, n) => `(${n}, repeat('x', 1000))`).join(', ')
    await db.script(`insert into numbers values ${rows}; insert into numbers select n + 1000, filling from numbers;
      insert into numbers select n + 2000, filling from numbers; insert into numbers select n + 4000, filling from numbers;
      insert into numbers select n + 8000, filling from numbers`)
    const text = 'select n, filling from numbers order by n'
    let next = 0
    for await (const { n } of db.sql.stream<{ n: number }>`select n, filling from numbers order by n`) {
      expect(n).toBe(next)
      next += 1
      // 16 MB are more than the sockets between hold.
      if (n === 10) await eventually(async () => expect(await running(other, text)).toBeGreaterThan(0))
      if (n === 10) expect(await running(other, text)).toBe(1)
    }
    expect(next).toBe(16_000)
  })

  it('ends on the server when its reader stops, fails or aborts, and its connection serves the next one', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const id = await connectionId(db)
    const read = (signal?: AbortSignal): AsyncIterable<unknown> => {
      const sql = signal ? db.sql.with({ signal }) : db.sql
      return sql.stream`select a.table_name from information_schema.columns a, information_schema.columns b, information_schema.columns c`
    }
    for await (const _ of read()) break
    await eventually(async () => expect(await running(other, endless)).toBe(0))
    await expect(
      (async () => {
        for await (const _ of read()) throw new Error('in the loop')
      })(),
    ).rejects.toThrow('in the loop')
    const controller = new AbortController()
    await expect(
      (async () => {
        for await (const _ of read(controller.signal)) controller.abort(new Error('client left'))
      })(),
    ).rejects.toThrow('client left')
    await eventually(async () => expect(await running(other, endless)).toBe(0))
    expect(await connectionId(db)).toBe(id)
    const [limits] = await db.sql<Record<string, number>>`select @@net_write_timeout as patience`
    expect(limits).toEqual({ patience: 60 })
  })

  it('passes on what the statement failed with', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await expect(db.sql.stream`select * from nowhere`.next()).rejects.toBeInstanceOf(errors.QueryFailed)
    await expect(db.sql.stream`select ${undefined}`.next()).rejects.toBeInstanceOf(errors.UnbindableValueError)
    expect(await bodies(db)).toEqual([])
  })

  it('fails when its connection is ended under it', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const id = await connectionId(db)
    await expect(
      (async () => {
        let killed = false
        for await (const _ of db.sql
          .stream`select a.table_name from information_schema.columns a, information_schema.columns b, information_schema.columns c`) {
          if (!killed) await other.execute({ text: `kill ${id}`, params: [] })
          killed = true
        }
      })(),
    ).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(await bodies(db)).toEqual([])
  })
})
