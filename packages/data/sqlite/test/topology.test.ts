import { errors } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { bodies, memoryDb, temporaryDb } from './support/databases.ts'

describe('P5 a database in a file', () => {
  it('has one writer, readers and a connection for streams, each opened when needed', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    const pools = async (): Promise<unknown> => (await db.health())[0]?.pools
    expect(await pools()).toMatchObject({ writer: { max: 1, total: 1 }, reader: { max: 2, total: 1 }, stream: { max: 1, total: 0 } })
    for await (const _ of db.sql.stream`select 1`) continue
    await Promise.all([1, 2].map(() => db.transaction(() => bodies(db), { readOnly: true })))
    expect(await pools()).toMatchObject({
      writer: { max: 1, total: 1, idle: 1, waiting: 0 },
      reader: { max: 2, total: 2, idle: 2, waiting: 0 },
      stream: { max: 1, total: 1, idle: 1, waiting: 0 },
    })
  })

  it('reads in one snapshot for the length of a read-only transaction', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    const counts = await db.transaction(
      async () => {
        const before = await bodies(db)
        await db.detached(() => db.sql`insert into notes (id, body) values (1, 'A')`)
        return [before, await bodies(db), await db.detached(() => bodies(db))]
      },
      { readOnly: true },
    )
    expect(counts).toEqual([[], [], ['A']])
  })

  it('trap 8: streams one state of the data while others write, and gives way to them', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    await db.sql`insert into notes select value, 'note ' || value from generate_series(1, 3000)`.catch(async () => {
      await db.sql`with recursive n (id) as (select 1 union all select id + 1 from n where id < 3000) insert into notes select id, 'note ' || id from n`
    })
    let seen = 0
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 0)
    for await (const _ of db.sql.stream`select id from notes`) {
      seen += 1
      if (seen === 10) await db.sql`insert into notes (id, body) values (9999, 'meanwhile')`
    }
    clearInterval(timer)
    expect(seen).toBe(3000)
    expect(turns).toBeGreaterThan(0)
    expect(await db.sql.first`select count(*) as n from notes`).toEqual({ n: 3001 })
  })

  it('stops a stream when its signal aborts', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    const controller = new AbortController()
    const reason = new Error('client left')
    const reading = (async () => {
      for await (const _ of db.sql.with({ signal: controller.signal }).stream`select 1 union select 2 union select 3`)
        controller.abort(reason)
    })()
    await expect(reading).rejects.toBe(reason)
    await expect(db.sql.stream`select * from nowhere`.next()).rejects.toBeInstanceOf(errors.QueryFailed)
  })

  it('never runs a pragma on a reader', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    expect(await db.sql`pragma query_only`).toEqual([{ query_only: 0 }])
    expect(
      await db.sql`-- a reader says 1
      /* here */ PRAGMA foreign_keys`,
    ).toEqual([{ foreign_keys: 1 }])
    await expect(db.sql`attach ':memory:' as other`).resolves.toEqual([])
    expect(await db.sql`select name from pragma_database_list where name = 'other'`).toEqual([])
  })

  it('reads on the writer when it has no readers', async () => {
    await using holder = await temporaryDb({ readers: 0 })
    const { db } = holder
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect(await db.transaction(() => bodies(db), { readOnly: true })).toEqual(['A'])
    await expect(db.transaction(() => db.sql`delete from notes`, { readOnly: true })).rejects.toBeInstanceOf(
      errors.ReadOnlyTransactionError,
    )
    await db.sql`delete from notes`
  })
})

describe('P5 a database in memory', () => {
  it('is one connection that everything takes in turn', async () => {
    await using db = await memoryDb()
    const order: string[] = []
    const transaction = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await new Promise(setImmediate)
      order.push('transaction')
      throw new Error('rolled back')
    })
    const read = bodies(db).then((found) => order.push(`read ${found.length}`))
    await expect(transaction).rejects.toThrow('rolled back')
    await read
    expect(order).toEqual(['transaction', 'read 0'])
  })

  it('can write again after a read-only transaction that the engine ended on its own', async () => {
    await using db = await memoryDb()
    const outcome = db.transaction(
      async () => {
        await db.sql`select 1`
        await db.script('rollback')
      },
      { readOnly: true },
    )
    await expect(outcome).rejects.toBeInstanceOf(errors.DatabaseError)
    await db.sql`insert into notes (id, body) values (1, 'A')`
    expect(await bodies(db)).toEqual(['A'])
  })
})

describe('P7 the settings of a connection', () => {
  it('are the safe ones', async () => {
    await using holder = await temporaryDb({ durability: 'full' })
    const { db } = holder
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await db.execute<unknown[]>({ text: `pragma ${name}`, params: [], rowMode: 'array' })
      return rows[0]?.[0]
    }
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'busy_timeout']
    expect(await Promise.all(names.map(pragma))).toEqual(['wal', 2, 1, 0, 0])
    await using faster = await temporaryDb({ durability: 'normal' })
    expect(await faster.db.sql`pragma synchronous`).toEqual([{ synchronous: 1 }])
  })
})
