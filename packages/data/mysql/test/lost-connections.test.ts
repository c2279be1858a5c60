import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createDb, errors } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { mysql } from '../src/index.ts'
import { bodies, connectionId, describeServers, running, temporaryDb } from './support/servers.ts'

interface Proxy extends AsyncDisposable {
  readonly url: string
}

/** Stands before the server and cuts a connection on which the text comes by, before or after the server has it. */
async function cuttingProxy(url: string, text: string, when: 'before' | 'after'): Promise<Proxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', cut)
    }
    let doomed = false
    client.on('data', (data) => {
      doomed = data.includes(text)
      if (doomed && when === 'before') cut()
      else upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (doomed) cut()
      else client.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = new URL(url)
  own.port = String((server.address() as AddressInfo).port)
  return {
    url: own.href,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describeServers('a connection that the server ends', (server) => {
  it('DB-8 while it is idle is replaced without anybody noticing', async () => {
    // Nothing but the loss itself takes a connection out of the pool.
    await using holder = await temporaryDb(server, { pool: { max: 4, idleTimeout: '1h' } })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const ids = await Promise.all([1, 2, 3, 4].map(() => db.sql<{ id: number }>`select connection_id() as id, sleep(0.05)`))
    const idle = new Set(ids.flat().map(({ id }) => id))
    expect(idle.size).toBe(4)
    for (const id of idle) await other.execute({ text: `kill ${id}`, params: [] })
    await eventually(async () => {
      const rows = await other.sql<{ id: number }>`select id as id from information_schema.processlist`
      expect(rows.filter(({ id }) => idle.has(id))).toEqual([])
    })
    await eventually(async () => expect((await db.health())[0]?.pools.writer).toMatchObject({ total: 0 }))
    // What is never sent again meets none of them.
    expect(await db.sql.run`insert into notes (body) values ('after')`).toMatchObject({ changes: 1 })
    const answers = await Promise.all(Array.from({ length: 100 }, () => db.sql`select 1 as one`))
    expect(answers).toHaveLength(100)
    expect(idle).not.toContain(await connectionId(db))
  })

  it('DB-8 in the middle of a transaction makes it fail as a whole, and the next one works', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('A')`
      const id = await connectionId(db)
      await other.execute({ text: `kill ${id}`, params: [] })
      await db.sql`insert into notes (body) values ('B')`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionLost)
    await db.transaction(() => db.sql`insert into notes (body) values ('C')`)
    expect(await bodies(db)).toEqual(['C'])
  })

  it('under a transaction whose callback did not care is no commit, and no doubt either', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('A')`
      await other.execute({ text: `kill ${await connectionId(db)}`, params: [] })
      await failure(db.sql`insert into notes (body) values ('B')`)
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(await bodies(db)).toEqual([])
  })

  it('under a running statement makes it fail, and says that it may have arrived', async () => {
    await using holder = await temporaryDb(server)
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const ended = (async () => {
      const [row] = await eventually(async () => {
        const rows = await other.sql<{
          id: number
        }>`select id as id from information_schema.processlist where info like 'insert into notes%sleep%'`
        expect(rows).not.toEqual([])
        return rows
      })
      await other.execute({ text: `kill ${row?.id}`, params: [] })
    })()
    const lost = await failure(db.sql`insert into notes (body) select concat('slept ', sleep(10))`)
    await ended
    expect(lost).toBeInstanceOf(errors.ConnectionLost)
    expect(lost).toMatchObject({ sent: true, statusCode: 503 })
  })
})

describeServers('REL-08: a connection that ends after a SELECT was sent', (server) => {
  it('does not have it sent again when it calls a function of the application', async () => {
    await using holder = await temporaryDb(server)
    await holder.db.script(`create function charge_card(amount int) returns int modifies sql data
      begin insert into notes (body) values (uuid()); return amount; end`)
    await using proxy = await cuttingProxy(holder.url, 'select charge_card', 'after')
    await using db = createDb(mysql({ url: proxy.url }))
    expect(await failure(db.sql`select charge_card(${5}) as amount`)).toMatchObject({ code: 'db/connection-lost', sent: true })
    expect(await bodies(holder.db)).toHaveLength(1)
  })
})

describeServers('T4, trap 4: a connection that ends during COMMIT', (server) => {
  it('leaves it open whether the transaction happened, and it did', async () => {
    await using holder = await temporaryDb(server)
    await using proxy = await cuttingProxy(holder.url, '\x03commit', 'after')
    await using db = createDb(mysql({ url: proxy.url }))
    const outcome = db.transaction(() => db.sql`insert into notes (body) values ('A')`, { retry: 3 })
    await expect(outcome).rejects.toBeInstanceOf(errors.CommitUnknown)
    expect(await bodies(holder.db)).toEqual(['A'])
  })

  it('leaves it open whether the transaction happened, and it did not', async () => {
    await using holder = await temporaryDb(server)
    await using proxy = await cuttingProxy(holder.url, '\x03commit', 'before')
    await using db = createDb(mysql({ url: proxy.url }))
    const outcome = db.transaction(() => db.sql`insert into notes (body) values ('A')`, { retry: 3 })
    await expect(outcome).rejects.toBeInstanceOf(errors.CommitUnknown)
    await eventually(async () => expect(await bodies(holder.db)).toEqual([]))
  })
})

describeServers('closing', (server) => {
  it('ends what still runs, on the server too', async () => {
    await using holder = await temporaryDb(server)
    const { url } = holder
    const db = createDb(mysql({ url }))
    const text = `insert into notes (body) select concat('slept ', sleep(30))`
    const slow = failure(db.execute({ text, params: [] }))
    await eventually(async () => expect(await running(holder.db, text)).toBe(1))
    await db.close({ drain: 0 })
    expect(await slow).toBeInstanceOf(errors.ConnectionLost)
    await eventually(async () => expect(await running(holder.db, text)).toBe(0))
    expect(await bodies(holder.db)).toEqual([])
  })
})
