import { setTimeout as pause } from 'node:timers/promises'
import { createDb, type Database, errors, type PoolState, type SlowEvent } from '@covet/db'
import { failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { expectBreaker } from '../../db/test/support/breaking.ts'
import { expectContexts } from '../../db/test/support/contexts.ts'
import { expectExhaustion } from '../../db/test/support/exhausting.ts'
import { mysql } from '../src/index.ts'
import { describeServers, temporaryDb } from './support/servers.ts'

async function poolOf(db: Database): Promise<PoolState | undefined> {
  return (await db.health())[0]?.pools.writer
}

describeServers('the pool', (server) => {
  it('DB-6 turns three detached waits inside open transactions away in time, says who holds what, and is whole afterwards', async () => {
    const { url } = await server.open()
    await expectExhaustion(url, mysql)
  })

  it.each([
    ['refused', 'begin'],
    ['first to fail', 'select nothing from nowhere'],
  ])('P2 does not lend a connection again on which something still runs, though another statement was %s', async (_, text) => {
    const { url } = await server.open()
    await using db = createDb(mysql({ url, pool: { max: 1 } }))
    let slow: Promise<unknown> | undefined
    const both = db.withConnection((connection) => {
      const outcome = connection.execute({ text, params: [] }) as Promise<unknown>
      slow = failure(connection.execute({ text: 'select sleep(30)', params: [] }) as Promise<unknown>)
      return outcome
    })
    await expect(both).rejects.toBeInstanceOf(errors.DatabaseError)
    expect(await db.sql`select 2 as two`).toEqual([{ two: 2 }])
    expect(await slow).toBeInstanceOf(errors.ConnectionLost)
    expect(await poolOf(db)).toMatchObject({ total: 1, idle: 1 })
  })

  it('DB-10 leaves a server alone after so many failures to reach it, and comes back by one attempt; violations do not count', async () => {
    const { url } = await server.open()
    await expectBreaker(url, mysql)
  })

  it('trap 12, T1: listeners, hooks and readers of streams run in the context of the request they hear of, whoever it waited for', async () => {
    const { url } = await server.open()
    await expectContexts(url, mysql)
  })

  it('DB-15 tells the wait for a connection apart from the query, once per query, without its parameters', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 }, slowQuery: { over: '200ms' } })
    const { db } = holder
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
    const query = db.sql`select sleep(${0.3}), ${'a secret'}`
    await pause(500)
    const waited = performance.now() - asked
    resolve()
    await Promise.all([saturating, query])
    const total = performance.now() - asked
    expect(slow).toEqual([expect.objectContaining({ text: 'select sleep(?), ?', params: ['number', 'string'], rows: 1 })])
    const [{ runMs, waitMs }] = slow as [SlowEvent]
    // Against what was measured around them, so that a machine that is busy moves the bounds as it moves the times.
    expect(waitMs).toBeGreaterThanOrEqual(waited - 5)
    expect(waitMs).toBeLessThanOrEqual(total - 290)
    expect(runMs).toBeGreaterThanOrEqual(290)
    expect(runMs).toBeLessThanOrEqual(total - waited + 5)
    expect(JSON.stringify(slow)).not.toContain('a secret')
  })
})
