import { AsyncLocalStorage } from 'node:async_hooks'
import { createDb, type Database, errors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { ownServer } from '@covet-workspace/tooling/services'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { mysql } from '../src/index.ts'
import { describeServers, failure, temporaryDb } from './support/servers.ts'

async function status(db: Database, name: string): Promise<number> {
  const [row] = await db.sql<{ Value: string }>`show session status like ${name}`
  return Number(row?.Value)
}

describeServers('prepared statements', (server) => {
  it('trap 11, P9: are freed on the server when there are more than statementCache', async () => {
    await using holder = await temporaryDb(server, { statementCache: 4, pool: { max: 1 } })
    const { db } = holder
    for (let round = 0; round < 5; round += 1) {
      for (let n = 0; n < 3; n += 1)
        expect((await db.execute({ text: `select ${n} as n from dual where 1 = ?`, params: [1] })).rows).toEqual([{ n }])
    }
    for (let n = 0; n < 40; n += 1) {
      for (let round = 0; round < 4; round += 1) await db.execute({ text: `select ${n} as n from dual where 1 = ?`, params: [1] })
    }
    const [prepared, closed] = [await status(db, 'Com_stmt_prepare'), await status(db, 'Com_stmt_close')]
    expect(prepared).toBeGreaterThanOrEqual(40)
    expect(prepared - closed).toBeLessThanOrEqual(4)
  })

  it('are not used at all with prepare: never', async () => {
    await using holder = await temporaryDb(server, { prepare: 'never', pool: { max: 1 } })
    const { db } = holder
    for (let round = 0; round < 6; round += 1) await db.sql`select ${round} as n`
    expect(await status(db, 'Com_stmt_prepare')).toBe(0)
  })

  it('DB-14 survive a change of the table they read, without an error', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 8 } })
    const { db } = holder
    await db.sql`insert into notes (body) values ('A')`
    let altering = true
    const reader = async (): Promise<number> => {
      let reads = 0
      for (; altering; reads += 1) {
        const [row] = await db.sql<{ id: number; views: unknown }>`select id, views from notes where body = ${'A'}`
        expect([0, '0']).toContain(row?.views)
      }
      return reads
    }
    const readers = Array.from({ length: 7 }, reader)
    for (const type of ['bigint', 'varchar(20)', 'int', 'bigint', 'varchar(30)', 'int']) {
      await db.execute({ text: `alter table notes modify views ${type} not null default 0`, params: [] })
    }
    altering = false
    for (const reads of await Promise.all(readers)) expect(reads).toBeGreaterThan(3)
  })

  it('trap 12: keep the context of their caller', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 2 } })
    const { db } = holder
    const context = new AsyncLocalStorage<number>()
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        context.run(n, async () => {
          await db.sql`select ${n} as n`
          return context.getStore()
        }),
      ),
    )
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it('cannot ask for a file of this machine', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    const asked = await failure(db.sql`load data local infile '/etc/hostname' into table notes (body)`)
    expect(asked).toBeInstanceOf(errors.QueryFailed)
    expect(await db.sql`select * from notes`).toEqual([])
  })
})

describeWhere('mariadb', 'a server that has no room for prepared statements', () => {
  it('is sent text instead', async () => {
    await using server = await ownServer('mariadb', () => ['--max-prepared-stmt-count=0'])
    await using db = createDb(mysql({ url: server.url, pool: { max: 1 } }))
    for (let round = 0; round < 6; round += 1) expect(await db.sql`select ${round} as n`).toEqual([{ n: round }])
    await db.transaction(async () => {
      for (let round = 0; round < 6; round += 1) expect(await db.sql`select ${round} as m`).toEqual([{ m: round }])
    })
  }, 60_000)
})
