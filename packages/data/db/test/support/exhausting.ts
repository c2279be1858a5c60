import { setTimeout as pause } from 'node:timers/promises'
import { type ConnectionDefinition, type ConnectionOptions, createDb, errors, type PoolState } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect } from '@jest/globals'

const acquireTimeout = 400

/** Two transactions hold all connections and ask for three more: looks at how that ends. @param connect to a URL */
export async function expectExhaustion(
  url: string,
  connect: (options: ConnectionOptions & { url: string }) => ConnectionDefinition,
): Promise<void> {
  await using db = createDb(connect({ url, pool: { max: 2, acquireTimeout } }))
  const pool = async (): Promise<PoolState | undefined> => (await db.health())[0]?.pools.writer
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const { promise: bothHold, resolve: hold } = Promise.withResolvers<void>()
  const waits: Promise<{ error: unknown; late: number }>[] = []
  const wait = async (): Promise<{ error: unknown; late: number }> => {
    // Whatever else the machine does, timers that are due at one time fire one after the other.
    const due = pause(acquireTimeout).then(() => performance.now())
    const error = await failure(db.detached(() => db.sql`select 1`))
    const ended = performance.now()
    return { error, late: ended - (await due) }
  }
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
  await eventually(async () => expect(await pool()).toMatchObject({ total: 2, idle: 0 }))
  hold()
  await eventually(() => expect(waits).toHaveLength(3))
  expect(await pool()).toMatchObject({ total: 2, idle: 0, waiting: 3 })
  const turnedAway = await Promise.all(waits)
  for (const { error, late } of turnedAway) {
    expect(error).toBeInstanceOf(errors.PoolTimeout)
    expect(Math.abs(late)).toBeLessThan(100)
    const sites = /Held longest: \d+ ms by \S*(exhausting\.ts:\d+):\d+, \d+ ms by \S*(exhausting\.ts:\d+):\d+\. /.exec(String(error))
    expect(new Set(sites?.slice(1)).size).toBe(2)
    expect(String(error)).toContain('The caller is inside a transaction that holds one of them')
  }
  expect(String(turnedAway[0]?.error)).toContain(`within ${acquireTimeout} ms (max 2, total 2, idle 0, waiting 3)`)
  resolve()
  await Promise.all([shipping, billing])
  expect(await pool()).toMatchObject({ total: 2, idle: 2, waiting: 0, holders: [], waited: { count: 3 } })
}
