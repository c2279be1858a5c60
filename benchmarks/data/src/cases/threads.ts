import { createDb, type Database } from '@covet/db'
import { createTables } from '@covet/orm/testing'
import { sqlite } from '@covet/sqlite'
import { median } from '@covet-benchmarks/common/statistics'
import type { Case } from '../case.ts'
import { connect, type Engine, openSpace } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { fillSamples, Sample } from '../sample.ts'
import { check, longestGap, times } from '../timing.ts'

const full = { rounds: 3, numbers: 5_000_000, lookups: 5_000 }

export async function measure(engine: Engine, { rounds, numbers, lookups } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using inside = connect(engine, space.url)
  await using apart = createDb(sqlite({ file: space.url, worker: true }))
  await createTables(inside, [Sample])
  await fillSamples(inside, engine, 1_000)
  const gap = async (db: Database): Promise<number> => Math.max(...(await times(rounds, () => longestGap(() => report(db, numbers)))))
  const lookup = async (db: Database): Promise<number> => median(await times(lookups, (number) => timed(db, number)))
  const name = 'worker: false'
  return [
    {
      what: `longest gap of a 10 ms timer while a report over ${numbers.toLocaleString('en')} numbers runs with worker: true`,
      unit: 'ms',
      value: await gap(apart),
      bound: { below: 50 },
      peer: { name, value: await gap(inside) },
    },
    {
      what: `a row by its key with worker: true: p50 of ${lookups.toLocaleString('en')}`,
      unit: 'ms',
      value: await lookup(apart),
      peer: { name, value: await lookup(inside) },
    },
  ]
}

/** Work inside of SQLite alone, and one row. */
async function report(db: Database, numbers: number): Promise<void> {
  const text = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${numbers}) select count(*) as n from numbers`
  // SQL-04 -- a number of the benchmark
  const { rows } = await db.execute<{ n: number }>({ text, params: [] })
  check(rows[0]?.n === numbers, `It counted ${rows[0]?.n} of ${numbers}.`)
}

async function timed(db: Database, number: number): Promise<number> {
  const id = 1 + (number % 1_000)
  const began = performance.now()
  const row = await db.sql.first<{ id: number }>`select * from samples where id = ${id}`
  const took = performance.now() - began
  check(row?.id === id, `Not the row ${id}, but ${row?.id}.`)
  return took
}

export const threads: Case = { id: 'P7', title: 'the event loop beside a report', engines: ['sqlite'], measure }
