import { createDb, type Database, errors } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { ownServer } from '@covet-workspace/tooling/services'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { mysql } from '../src/index.ts'
import { describeServers, temporaryDb } from './support/servers.ts'

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

  it('DB-14 survive a change of the table that sixteen read, without an error', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 17 } })
    const { db } = holder
    await db.sql`insert into notes (body) values ('A')`
    const text = 'select id, views from notes where body = ?'
    const reads = Array.from({ length: 16 }, () => 0)
    let altering = true
    const reader = (_: unknown, index: number): Promise<number> =>
      db.withConnection(async (connection) => {
        for (; altering; reads[index]! += 1) {
          const { rows } = await connection.execute({ text, params: ['A'] })
          expect([0, '0']).toContain((rows as { views: unknown }[])[0]?.views)
        }
        const { rows } = await connection.execute({ text: `show session status like 'Com_stmt_execute'`, params: [] })
        return Number((rows as { Value: string }[])[0]?.Value)
      })
    const readers = Promise.all(reads.map(reader))
    await Promise.race([eventually(() => expect(Math.min(...reads)).toBeGreaterThan(3)), readers])
    const before = [...reads]
    for (const type of ['bigint', 'varchar(20)', 'int', 'bigint', 'varchar(30)', 'int']) {
      await db.execute({ text: `alter table notes modify views ${type} not null default 0`, params: [] })
    }
    altering = false
    // The first two of each are sent as text.
    for (const [index, executed] of (await readers).entries()) {
      expect(reads[index]).toBeGreaterThan(before[index]!)
      expect(executed).toBeGreaterThan(1)
    }
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
