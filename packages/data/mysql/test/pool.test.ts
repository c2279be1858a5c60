import { setTimeout as pause } from 'node:timers/promises'
import { createDb, type Database, errors, type PoolState, type SlowEvent } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { expectBreaker } from '../../db/test/support/breaking.ts'
import { mysql } from '../src/index.ts'
import { describeServers, temporaryDb } from './support/servers.ts'

async function poolOf(db: Database): Promise<PoolState | undefined> {
  return (await db.health())[0]?.pools.writer
}

describeServers('the pool', (server) => {
  it('DB-6 turns three detached waits inside open transactions away in time, says who holds what, and is whole afterwards', async () => {
    const acquireTimeout = 400
    const { url } = await server.open()
    await using db = createDb(mysql({ url, pool: { max: 2, acquireTimeout } }))
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const waits: Promise<{ error: unknown; late: number }>[] = []
    const wait = async (): Promise<{ error: unknown; late: number }> => {
      // Whatever else the machine does, timers that are due at one time fire one after the other.
      const due = pause(acquireTimeout).then(() => performance.now())
      const error = await failure(db.detached(() => db.sql`select 1`))
      const ended = performance.now()
      return { error, late: ended - (await due) }
    }
    const { promise: bothHold, resolve: hold } = Promise.withResolvers<void>()
    const shipping = db.transaction(async () => {
      await db.sql`select 1`
      await bothHold
      waits.push(wait(), wait())
      await end
    })
    const billing = db.transaction(async () => {
      await db.sql`select 1`
      await bothHold
      waits.push(wait())
      await end
    })
    await eventually(async () => expect(await poolOf(db)).toMatchObject({ total: 2, idle: 0 }))
    hold()
    await eventually(() => expect(waits).toHaveLength(3))
    expect(await poolOf(db)).toMatchObject({ total: 2, idle: 0, waiting: 3 })
    const [first, second, third] = await Promise.all(waits)
    for (const each of [first, second, third]) {
      expect(each?.error).toBeInstanceOf(errors.PoolTimeout)
      expect(Math.abs(each?.late ?? NaN)).toBeLessThan(100)
    }
    expect(String(first?.error)).toContain('within 400 ms (max 2, total 2, idle 0, waiting 3)')
    const sites = /Held longest: \d+ ms by \S*(pool\.test\.ts:\d+):\d+, \d+ ms by \S*(pool\.test\.ts:\d+):\d+\. /.exec(String(third?.error))
    expect(new Set(sites?.slice(1)).size).toBe(2)
    resolve()
    await Promise.all([shipping, billing])
    expect(await poolOf(db)).toMatchObject({ total: 2, idle: 2, waiting: 0, holders: [], waited: { count: 3 } })
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
