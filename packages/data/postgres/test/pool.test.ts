import { createDb, type Database, errors, type SlowEvent } from '@covet/db'
import { faultProxy } from '@covet/testing'
import { beforeAll, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { failure, notesDb, type Open } from './support/databases.ts'
import { eventually } from './support/eventually.ts'

describeWith('postgres', 'the pool over a server', (open: Open) => {
  let url: string
  beforeAll(async () => {
    url = (await open()).url
  })

  const pools = async (db: Database): Promise<unknown> => (await db.health())[0]?.pools.writer

  it('DB-6 says who holds what when nothing becomes free, and is whole afterwards', async () => {
    await using db = createDb(postgres({ url, pool: { max: 2, acquireTimeout: 100 } }))
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const holders = [1, 2].map(() =>
      db.transaction(async () => {
        await db.sql`select 1`
        await end
      }),
    )
    await eventually(async () => expect(await pools(db)).toMatchObject({ total: 2, idle: 0 }))
    const error = await failure(db.detached(() => db.sql`select 1`))
    expect(error).toBeInstanceOf(errors.PoolTimeout)
    expect(String(error)).toMatch(/total 2, idle 0/)
    expect(String(error)).toContain('pool.test.ts')
    resolve()
    await Promise.all(holders)
    expect(await pools(db)).toMatchObject({ total: 2, idle: 2, waiting: 0 })
  })

  it('DB-10 leaves a server alone that cannot be reached, and comes back when it can; violations do not count', async () => {
    await using proxy = await faultProxy({ port: Number(new URL(url).port) })
    const { href } = Object.assign(new URL(url), { port: String(proxy.port) })
    await using db = createDb(postgres({ url: href, pool: { max: 4 }, breaker: { failures: 5, window: '10s', openFor: '200ms' } }))
    await db.script('create table unique_notes (id integer primary key)')
    await db.sql`insert into unique_notes values (1)`
    for (let n = 0; n < 1_000; n += 1)
      expect(await failure(db.sql`insert into unique_notes values (1)`)).toBeInstanceOf(errors.UniqueViolation)
    proxy.refuse()
    proxy.cut()
    await eventually(async () => expect(await failure(db.sql`select 1`)).toBeInstanceOf(errors.CircuitOpen))
    const asked = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => failure(db.sql`select 1`)))
    expect(outcomes.filter((error) => error instanceof errors.CircuitOpen).length).toBeGreaterThanOrEqual(49)
    // The case says 5 ms for each; nothing is sent, so all of them together take no time either.
    expect(performance.now() - asked).toBeLessThan(200)
    proxy.heal()
    await eventually(async () => expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]))
  })

  it('DB-15 tells the wait for a connection apart from the query, without its parameters', async () => {
    await using db = createDb(postgres({ url, pool: { max: 1 }, slowQuery: { over: '200ms' } }))
    await db.connect()
    const slow: SlowEvent[] = []
    db.on('slow', (event) => slow.push(event))
    const saturating = db.transaction(() => db.sql`select pg_sleep(0.1), pg_sleep(0.1), pg_sleep(0.1), pg_sleep(0.1), pg_sleep(0.1)`)
    await db.sql`select pg_sleep(${0.3}), ${'a secret'}::text`
    await saturating
    const [event] = slow.filter(({ text }) => text.includes('::text'))
    expect(event?.runMs).toBeGreaterThanOrEqual(290)
    expect(event?.waitMs).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(slow)).not.toContain('a secret')
  })

  it('trap 18: warns of a pool that may ask for more connections than the server takes from everybody', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using modest = createDb(postgres({ url }))
    await modest.connect()
    expect(emitWarning).not.toHaveBeenCalled()
    await using greedy = createDb(postgres({ url, pool: { max: 5_000 } }))
    await greedy.connect()
    expect(emitWarning.mock.calls[0]?.[0]).toMatch(/500\d/)
    emitWarning.mockRestore()
  })

  it('a sandbox leaves nothing of what was done in it', async () => {
    const db = await notesDb(open)
    const rollback = db.sandbox(async () => {
      await db.sql`insert into notes values (1, 'a')`
      await db.transaction(() => db.sql`insert into notes values (2, 'b')`)
      expect(await db.sql`select count(*) from notes`).toEqual([{ count: 2 }])
    })
    await rollback
    expect(await db.sql`select count(*) from notes`).toEqual([{ count: 0 }])
    await db.close()
  })
})
