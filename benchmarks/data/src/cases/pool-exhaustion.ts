import { type Database, errors } from '@covet/db'
import { median } from '@covet-benchmarks/common/statistics'
import { Pool } from 'pg'
import type { Case } from '../case.ts'
import { connect, type Engine, openSpace, servers } from '../engine.ts'
import { type Figure, furthest } from '../figure.ts'
import { check, refusal, times } from '../timing.ts'

const full = { rounds: 15, acquireTimeout: 250 }

export async function measure(engine: Engine, { rounds, acquireTimeout } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url, { pool: { max: 2, acquireTimeout } })
  await db.connect()
  const took = (await times(rounds, () => waitInVain(db))).flat()
  const [node] = await db.health()
  const { total, idle } = node?.pools.writer ?? {}
  check(total === 2 && idle === 2, `The pool is not 2 idle afterwards, but ${idle} of ${total}.`)
  const bound = { about: acquireTimeout, within: 100 }
  const peer = engine === 'postgres' ? await waitInVainForPg(space.url, acquireTimeout, rounds) : undefined
  return [
    figure('p50', median(took), peer && median(peer)),
    figure('furthest from it', furthest(took, acquireTimeout), peer && furthest(peer, acquireTimeout)),
  ]

  function figure(which: string, value: number, other: number | undefined): Figure {
    const what = `PoolTimeout with an acquireTimeout of ${acquireTimeout} ms: ${which}`
    return { what, unit: 'ms', value, bound, ...(other !== undefined && { peer: { name: 'pg', value: other } }) }
  }
}

/** Two transactions hold the two connections; in one of them three `detached` wait for another. */
async function waitInVain(db: Database): Promise<number[]> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const { promise: held, resolve: hold } = Promise.withResolvers<void>()
  const holder = db.transaction(async () => {
    await db.sql`select 1`
    hold()
    await ended
  })
  await held
  const took = await db.transaction(async () => {
    await db.sql`select 1`
    return Promise.all(Array.from({ length: 3 }, () => waitOnce(db)))
  })
  end()
  await holder
  return took
}

async function waitOnce(db: Database): Promise<number> {
  const { error, took } = await refusal(() => db.detached(() => db.sql`select 1`))
  check(error instanceof errors.PoolTimeout && error.message.includes('total 2, idle 0'), `No PoolTimeout, but ${String(error)}`)
  return took
}

async function waitInVainForPg(connectionString: string, connectionTimeoutMillis: number, rounds: number): Promise<number[]> {
  const pool = new Pool({ connectionString, max: 2 })
  const holders = [await pool.connect(), await pool.connect()]
  // Connecting would have to end within it too.
  pool.options.connectionTimeoutMillis = connectionTimeoutMillis
  const took = await times(rounds, async () => (await refusal(() => pool.query('select 1'))).took)
  for (const holder of holders) holder.release()
  await pool.end()
  return took
}

export const poolExhaustion: Case = { id: 'DB-6', title: 'an exhausted pool', engines: servers, measure }
