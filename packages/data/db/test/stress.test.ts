import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { DatabaseError } from '../src/index.ts'
import type { Database, PoolState } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf } from './support/cluster.ts'
import { signalled } from './support/databases.ts'

/** Numbers from 0 to 1 that are the same in every run (Park and Miller, 1988). */
function chanceFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** One piece of work of a program nobody tidied up; resolves to the rows it was told were saved. */
async function anything(db: Database, id: number, chance: () => number): Promise<number[]> {
  const kind = Math.floor(chance() * 7)
  const signal = chance() < 0.2 ? AbortSignal.timeout(Math.floor(chance() * 5)) : undefined
  const insert = (row: number): Promise<unknown> => db.sql`insert into notes (id, body) values (${row}, ${`note ${row}`})`
  try {
    if (kind === 0) await db.sql.with({ ...(signal && { signal }) })`select count(*) from notes`
    if (kind === 1) for await (const _ of db.sql.stream`select id from notes`) if (chance() < 0.3) break
    if (kind === 2)
      await db.withConnection(async (connection) => {
        await connection.begin({ readOnly: false })
        if (chance() < 0.5) throw new Error('careless')
      })
    if (kind < 3) return []
    if (kind === 3) {
      await insert(id)
      return [id]
    }
    await db.transaction(
      async () => {
        await insert(id)
        if (kind === 4) await db.transaction(() => insert(id + 1))
        if (kind === 5) throw new Error('rolled back')
        if (chance() < 0.3) await turn()
      },
      { ...(signal && { signal }) },
    )
    return kind === 4 ? [id, id + 1] : [id]
  } catch (error) {
    if (kind === 3 && !(error instanceof DatabaseError)) throw error
    return []
  }
}

describe('a pool under everything at once', () => {
  it.each([1, 2, 3, 4])('loses no connection and no row it said was saved (seed %i)', async (seed) => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    const chance = chanceFrom(seed)
    const pool = { max: 4, acquireTimeout: 200, idleTimeout: 20, maxLifetime: 50 }
    const db = await clusterDb(cluster, { pool, breaker: { failures: 1_000 } })
    db.on('failure', () => undefined)
    const saved = new Set<number>()
    const running: Promise<void>[] = []
    for (let count = 0; count < 400; count += 1) {
      running.push(
        anything(db, count * 2, chance).then((ids) => {
          for (const id of ids) saved.add(id)
        }),
      )
      if (chance() < 0.05) node.kill({ silent: chance() < 0.5 })
      if (chance() < 0.2) await turn()
      if (chance() < 0.02) await Promise.all(running.splice(0))
    }
    await Promise.all(running)
    const rows = await db.sql<{ id: number }>`select id from notes`
    const stored = new Set(rows.map(({ id }) => id))
    expect([...saved].filter((id) => !stored.has(id))).toEqual([])
    const [health] = await db.health()
    const state = health?.pools.writer as PoolState
    expect(state).toMatchObject({ waiting: 0, holders: [] })
    expect(state.total).toBe(state.idle)
    expect(state.total).toBeLessThanOrEqual(4)
    await db.close()
    expect(node.connections.size).toBe(0)
  })
})

describe('trap 12 the context of a caller', () => {
  it('is its own after a wait that somebody else ended, for its queries and its transaction', async () => {
    await using db = await clusterDb(new Cluster('primary'), { pool: { max: 1 } })
    const requests = new AsyncLocalStorage<string>()
    const { promise: ended, resolve: end } = signalled()
    const holder = requests.run('first', () => db.transaction(() => ended))
    const seen: unknown[] = []
    const waiting = requests.run('second', () =>
      db.transaction(async () => {
        seen.push(requests.getStore(), db.inTransaction)
        await db.sql`select 1`
        seen.push(requests.getStore())
      }),
    )
    const query = requests.run('third', () => db.sql`select 1`.then(() => seen.push(requests.getStore(), db.inTransaction)))
    requests.run('fourth', end)
    await Promise.all([holder, waiting, query])
    expect(seen).toEqual(['second', true, 'second', 'third', false])
  })
})
