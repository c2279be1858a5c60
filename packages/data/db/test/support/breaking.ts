import { type ConnectionDefinition, type ConnectionOptions, createDb, errors } from '@covet/db'
import { eventually, failure, faultProxy } from '@covet/testing'
import { expect } from '@jest/globals'

const breaker = { failures: 5, window: '10s', openFor: '5s' } as const

/** Takes a server away from a pool and gives it back, and looks at what the breaker does. @param connect to a URL */
export async function expectBreaker(
  url: string,
  connect: (options: ConnectionOptions & { url: string }) => ConnectionDefinition,
): Promise<void> {
  let now = 1_000
  const { hostname, port } = new URL(url)
  await using proxy = await faultProxy({ host: hostname, port: Number(port || 3306) })
  const { href } = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(proxy.port) })
  await using db = createDb(connect({ url: href, pool: { max: 4 }, breaker }), { now: () => now })
  const states: string[] = []
  db.on('breaker', ({ state }) => states.push(state))
  await db.script('create table unique_notes (id integer primary key)')
  await db.sql`insert into unique_notes values (1)`
  const violate = (): Promise<unknown> => failure(db.sql`insert into unique_notes values (1)`)
  const violations = await Promise.all(Array.from({ length: 1_000 }, violate))
  expect(violations.every((error) => error instanceof errors.UniqueViolation)).toBe(true)
  expect((await db.health())[0]).toMatchObject({ breaker: 'closed', state: 'up' })
  expect(states).toEqual([])

  proxy.refuse()
  proxy.cut()
  await eventually(async () => expect((await db.health())[0]?.pools.writer).toMatchObject({ total: 0 }))
  for (let count = 0; count < breaker.failures; count += 1) {
    expect(states).toEqual([])
    expect(await failure(db.sql`select 1`)).toBeInstanceOf(errors.ConnectionFailedError)
  }
  expect(states).toEqual(['open'])
  const refuse = async (): Promise<number> => {
    const asked = performance.now()
    expect(await failure(db.sql`select 1`)).toBeInstanceOf(errors.CircuitOpen)
    return performance.now() - asked
  }
  const times: number[] = []
  for (let count = 0; count < 51; count += 1) times.push(await refuse())
  expect(times.toSorted((one, other) => one - other)[25]).toBeLessThan(5)

  proxy.heal()
  now += 4_999
  await Promise.all(Array.from({ length: 50 }, refuse))
  expect(proxy.connections).toBe(0)
  now += 1
  const outcomes = await Promise.allSettled([db.sql`select 1 as one`, db.sql`select 2`])
  expect(outcomes).toMatchObject([{ value: [{ one: 1 }] }, { reason: { code: 'db/circuit-open' } }])
  expect(await db.sql`select 3 as three`).toEqual([{ three: 3 }])
  expect(states).toEqual(['open', 'half-open', 'closed'])
}
