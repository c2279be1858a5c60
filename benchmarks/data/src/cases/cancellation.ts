import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '@covet/db'
import { median } from '@covet-benchmarks/common/statistics'
import type { Case } from '../case.ts'
import { connect, type Engine, openSpace, servers, sleeping } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { check, refusal, times, until } from '../timing.ts'

const full = { rounds: 20 }
const abortedAfter = 100

export async function measure(engine: Engine, { rounds } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url, { pool: { max: 1 } })
  await using watcher = connect(engine, space.url, { pool: { max: 1 } })
  const [before] = await Promise.all([session(db, engine), watcher.connect()])
  const measured = await times(rounds, () => abort(db, watcher, engine))
  check((await session(db, engine)) === before, 'The connection of the aborted statement was not used again.')
  const took = measured.map((round) => round.took)
  const gone = measured.map((round) => round.gone)
  return [
    { what: `a query of 10 s, aborted after ${abortedAfter} ms, rejects: p50`, unit: 'ms', value: median(took), bound: { below: 300 } },
    {
      what: `a query of 10 s, aborted after ${abortedAfter} ms, rejects: longest of ${rounds}`,
      unit: 'ms',
      value: Math.max(...took),
      bound: { below: 300 },
    },
    { what: 'from then on until the server runs it no more: longest', unit: 'ms', value: Math.max(...gone), bound: { below: 500 } },
  ]
}

async function abort(db: Database, watcher: Database, engine: Engine): Promise<{ took: number; gone: number }> {
  const controller = new AbortController()
  const reason = new Error('client left')
  const text = sleeping(engine, 10)
  void pause(abortedAfter).then(() => controller.abort(reason))
  // SQL-04 -- a number of the benchmark
  const { error, took } = await refusal(() => db.execute({ text, params: [] }, { signal: controller.signal }))
  check(error === reason, `Not the reason of the abort, but ${String(error)}`)
  const rejected = performance.now()
  await until('the statement is gone', async () => (await running(watcher, engine, text)) === 0, 1)
  const gone = performance.now() - rejected
  const [row] = await db.sql<{ one: number }>`select 1 as one`
  check(row?.one === 1, 'The connection does not answer as it should after the abort.')
  return { took, gone }
}

async function running(watcher: Database, engine: Engine, text: string): Promise<number> {
  const rows =
    engine === 'postgres'
      ? await watcher.sql`select pid from pg_stat_activity where state = 'active' and query = ${text}`
      : await watcher.sql`select id from information_schema.processlist where info = ${text}`
  return rows.length
}

async function session(db: Database, engine: Engine): Promise<number | undefined> {
  const row =
    engine === 'postgres'
      ? await db.sql.first<{ id: number }>`select pg_backend_pid() as id`
      : await db.sql.first<{ id: number }>`select connection_id() as id`
  return row?.id
}

export const cancellation: Case = { id: 'DB-13', title: 'an aborted query', engines: servers, measure }
