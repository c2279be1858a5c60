import { setTimeout as pause } from 'node:timers/promises'
import { createDb, type Database, errors, type SlowEvent } from '@covet/db'
import { failure } from '@covet/testing'
import { beforeAll, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { expectBreaker } from '../../db/test/support/breaking.ts'
import { expectContexts } from '../../db/test/support/contexts.ts'
import { expectExhaustion } from '../../db/test/support/exhausting.ts'
import { postgres } from '../src/index.ts'
import { notesDb, type Open } from './support/databases.ts'

describeWith('postgres', 'the pool over a server', (open: Open) => {
  let url: string
  beforeAll(async () => {
    url = (await open()).url
  })

  const pools = async (db: Database): Promise<unknown> => (await db.health())[0]?.pools.writer

  it('DB-6 turns three detached waits inside open transactions away in time, says who holds what, and is whole afterwards', () =>
    expectExhaustion(url, postgres))

  it('P2 does not lend a connection again on which something still runs', async () => {
    await using db = createDb(postgres({ url, pool: { max: 1 } }))
    let slow: Promise<unknown> | undefined
    const both = db.withConnection((connection) => {
      slow = failure(connection.execute({ text: 'select pg_sleep(30)', params: [] }) as Promise<unknown>)
      return connection.execute({ text: 'select 1', params: [] })
    })
    await expect(both).rejects.toThrow('does one thing at a time')
    expect(await db.sql`select 2 as two`).toEqual([{ two: 2 }])
    expect(await slow).toBeInstanceOf(errors.ConnectionLost)
    expect(await pools(db)).toMatchObject({ total: 1, idle: 1 })
  })

  it('DB-10 leaves a server alone after so many failures to reach it, and comes back by one attempt; violations do not count', () =>
    expectBreaker(url, postgres))

  it('trap 12, T1: listeners, hooks and readers of streams run in the context of the request they hear of, whoever it waited for', () =>
    expectContexts(url, postgres))

  it('DB-15 tells the wait for a connection apart from the query, once per query, without its parameters', async () => {
    await using db = createDb(postgres({ url, pool: { max: 1 }, slowQuery: { over: '200ms' } }))
    await db.connect()
    const slow: SlowEvent[] = []
    db.on('slow', (event) => slow.push(event))
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const { promise: held, resolve: hold } = Promise.withResolvers<void>()
    const saturating = db.transaction(async () => {
      hold()
      await end
    })
    await held
    const asked = performance.now()
    const query = db.sql`select pg_sleep(${0.3}), ${'a secret'}::text`
    await pause(500)
    const waited = performance.now() - asked
    resolve()
    await Promise.all([saturating, query])
    const total = performance.now() - asked
    expect(slow).toEqual([expect.objectContaining({ params: ['number', 'string'], rows: 1 })])
    const [{ text, runMs, waitMs }] = slow as [SlowEvent]
    expect(text).toContain('select pg_sleep($1)')
    // Against what was measured around them, so that a machine that is busy moves the bounds as it moves the times.
    expect(waitMs).toBeGreaterThanOrEqual(waited - 5)
    expect(waitMs).toBeLessThanOrEqual(total - 290)
    expect(runMs).toBeGreaterThanOrEqual(290)
    expect(runMs).toBeLessThanOrEqual(total - waited + 5)
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
