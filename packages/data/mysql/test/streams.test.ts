import { type Connection, createDb, type Database, errors } from '@covet/db'
import { eventually, failure, type FaultProxy, faultProxy } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { mysql, type MysqlOptions } from '../src/index.ts'
import { bodies, connectionId, describeServers, running, temporaryDb } from './support/servers.ts'

const limits: MysqlOptions = { statementTimeout: '1s', cancelTimeout: '5s', pool: { max: 1 } }
const soonCut: MysqlOptions = { ...limits, cancelTimeout: '500ms' }

/** Much more than the buffers between server and reader hold. */
const endless = 'select a.table_name from information_schema.columns a, information_schema.columns b, information_schema.columns c'

async function proxied(url: string): Promise<{ url: string; proxy: FaultProxy }> {
  const own = new URL(url)
  const proxy = await faultProxy({ host: own.hostname, port: Number(own.port) })
  own.host = `127.0.0.1:${proxy.port}`
  return { url: own.href, proxy }
}

/** Reads one row and leaves the rest. */
async function leftOpen(connection: Connection, text = endless): Promise<AsyncIterator<unknown>> {
  const rows = connection.stream({ text, params: [] }) as AsyncIterable<unknown>
  const iterator = rows[Symbol.asyncIterator]()
  expect(await iterator.next()).toMatchObject({ done: false })
  return iterator
}

async function read(db: Database, text: string): Promise<number> {
  let count = 0
  for await (const _ of db.stream({ text, params: [] })) count += 1
  return count
}

describeServers('P2: a stream whose reader waits for the server', (server) => {
  it('on a network that fell silent is lost, and the pool has its connection again', async () => {
    await using holder = await temporaryDb(server)
    const { url, proxy } = await proxied(holder.url)
    await using line = proxy
    await using db = createDb(mysql({ url, ...soonCut }))
    let seen = 0
    const reading = failure(
      (async () => {
        for await (const _ of db.stream({ text: endless, params: [] })) if ((seen += 1) === 300) line.blackHole()
      })(),
    )
    expect(await reading).toBeInstanceOf(errors.ConnectionLost)
    expect(seen).toBeGreaterThanOrEqual(300)
    line.heal()
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  }, 20_000)

  it('trap 13: ends with StatementTimeout when its first row takes longer, on the server too, and its connection serves the next one', async () => {
    await using holder = await temporaryDb(server, limits)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const id = await connectionId(db)
    const asked = performance.now()
    expect(await failure(read(db, 'select sleep(10)'))).toMatchObject({ code: 'db/statement-timeout', statement: 'select sleep(10)' })
    expect(performance.now() - asked).toBeLessThan(9_000)
    expect(await running(other, 'select sleep(10)')).toBe(0)
    expect(await connectionId(db)).toBe(id)
    expect(await read(db, 'select 1 as one')).toBe(1)
  }, 20_000)

  it('ends with StatementTimeout in the middle as well', async () => {
    await using holder = await temporaryDb(server, limits)
    const { db } = holder
    const text = `select 1 as n, repeat('x', 40000) as filling union all select 2, repeat('x', 40000) union all select sleep(10), ''`
    let seen = 0
    const reading = (async () => {
      for await (const _ of db.stream({ text, params: [] })) seen += 1
    })()
    await expect(reading).rejects.toBeInstanceOf(errors.StatementTimeout)
    expect(seen).toBeGreaterThan(0)
    expect(await bodies(db)).toEqual([])
  }, 20_000)

  it('may take as long as rows keep coming', async () => {
    await using holder = await temporaryDb(server, { ...limits, statementTimeout: '2s' })
    const rows = Array.from({ length: 5 }, (_, n) => `select ${n} as n, sleep(0.5) as slept, repeat('x', 40000) as filling`)
    expect(await read(holder.db, rows.join(' union all '))).toBe(5)
  }, 20_000)

  it('has no limit with a statementTimeout of 0', async () => {
    await using holder = await temporaryDb(server, { ...limits, statementTimeout: 0 })
    expect(await read(holder.db, 'select sleep(1.2)')).toBe(1)
  }, 20_000)
})

describeServers('P2: a stream whose reader takes its time', (server) => {
  it('is not ended by statementTimeout', async () => {
    await using holder = await temporaryDb(server, limits)
    let seen = 0
    for await (const _ of holder.db.stream({ text: endless, params: [] })) {
      if ((seen += 1) === 300) await new Promise((resolve) => setTimeout(resolve, 1_500))
      if (seen === 20_000) break
    }
    expect(seen).toBe(20_000)
  }, 20_000)
})

describeServers('a stream that withConnection leaves open in a transaction', (server) => {
  const outcomes: [string, MysqlOptions][] = [
    ['with a statementTimeout', limits],
    ['without one', { ...limits, statementTimeout: 0 }],
  ]
  it.each(outcomes)(
    'trap 13: is cancelled by the next statement, and the transaction goes on, %s',
    async (_, options) => {
      await using holder = await temporaryDb(server, options)
      const { db, url } = holder
      await using other = createDb(mysql({ url }))
      const id = await connectionId(db)
      let left: AsyncIterator<unknown> | undefined
      await db.transaction(async () => {
        await db.sql`insert into notes (body) values ('before')`
        await db.withConnection(async (connection) => {
          left = await leftOpen(connection)
        })
        await db.sql`insert into notes (body) values ('after')`
        expect(await running(other, endless)).toBe(0)
        expect(await failure(Promise.resolve(left?.next()))).toMatchObject({ code: 'db/stream-ended' })
        expect(await left?.next()).toEqual({ done: true, value: undefined })
      })
      expect(await bodies(db)).toEqual(['before', 'after'])
      expect(await connectionId(db)).toBe(id)
      expect(await db.sql`select @@net_write_timeout as patience`).toEqual([{ patience: 60 }])
    },
    20_000,
  )

  it('does not keep it from its end: committed, rolled back, with a savepoint or another stream', async () => {
    await using holder = await temporaryDb(server, limits)
    const { db } = holder
    const leave = (): Promise<AsyncIterator<unknown>> => db.withConnection((connection) => leftOpen(connection))
    await db.transaction(async () => {
      await db.sql`insert into notes (body) values ('committed')`
      await leave()
    })
    await failure(
      db.transaction(async () => {
        await db.sql`insert into notes (body) values ('undone')`
        await leave()
        throw new Error('no')
      }),
    )
    await db.transaction(async () => {
      await leave()
      await db.transaction(() => db.sql`insert into notes (body) values ('nested')`)
      await leave()
      await db.withConnection((connection) => leftOpen(connection, 'select 1 as one'))
      await leave()
      await db.script(`insert into notes (body) values ('by a script')`)
    })
    expect(await bodies(db)).toEqual(['committed', 'nested', 'by a script'])
  }, 60_000)

  it('gives what it had received already to a reader who comes back', async () => {
    await using holder = await temporaryDb(server, limits)
    const { db } = holder
    await db.transaction(async () => {
      const left = await db.withConnection((connection) => leftOpen(connection, 'select 1 as n union all select 2 union all select 3'))
      await eventually(async () => expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]))
      expect(await left.next()).toEqual({ done: false, value: { n: 2 } })
      expect(await left.next()).toEqual({ done: false, value: { n: 3 } })
      expect(await left.next()).toEqual({ done: true, value: undefined })
    })
  }, 20_000)

  it('takes the transaction along where the server cannot be told, and nothing of it is in doubt', async () => {
    await using holder = await temporaryDb(server)
    const { url, proxy } = await proxied(holder.url)
    await using line = proxy
    await using db = createDb(mysql({ url, ...soonCut }))
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('lost')`
      await db.withConnection(async (connection) => {
        await leftOpen(connection)
        line.blackHole()
      })
    })
    expect(await failure(outcome)).toMatchObject({ code: 'db/connection-lost', sent: false })
    line.heal()
    await eventually(async () => expect(await bodies(db)).toEqual([]))
  }, 20_000)
})
