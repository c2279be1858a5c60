import { startProcess } from '@covet/testing'
import { createTables } from '@covet/orm/testing'
import type { Case } from '../case.ts'
import { connect, type Engine, engines, openSpace } from '../engine.ts'
import type { Figure } from '../figure.ts'
import type { BulkCost } from '../processes/bulk.ts'
import { check } from '../timing.ts'
import { Wide } from '../wide.ts'

const full = { rows: 100_000 }
const drivers: Readonly<Record<Engine, string>> = { sqlite: 'better-sqlite3', postgres: 'pg', mariadb: 'mysql2' }

export async function measure(engine: Engine, { rows } = full): Promise<Figure[]> {
  const covet = await store(engine, 'covet', rows)
  const raw = await store(engine, 'raw', rows)
  const name = drivers[engine]
  const what = `createMany of ${rows.toLocaleString('en')} rows × 12 columns`
  return [
    {
      what: `${what}: memory at its peak, more than before`,
      unit: 'MB',
      value: covet.grown,
      bound: { below: 300e6 },
      peer: { name, value: raw.grown },
    },
    { what, unit: 'ms', value: covet.took, peer: { name, value: raw.took } },
  ]
}

/** In a process and a table of its own. */
async function store(engine: Engine, contender: 'covet' | 'raw', rows: number): Promise<BulkCost> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url)
  await createTables(db, [Wide])
  await using child = await startProcess(new URL('../processes/bulk.ts', import.meta.url), {
    args: [engine, space.url, contender, String(rows)],
    ready: /^cost /,
    timeout: '2m',
  })
  const cost = JSON.parse(child.readyLine.slice('cost '.length)) as BulkCost
  const stored = await db.sql.first<{ n: number }>`select count(*) as n from wides where b >= 0`
  check(Number(stored?.n) === rows, `${stored?.n} rows were stored instead of ${rows}.`)
  check(cost.inOrder, 'The ids did not come in the order of the input.')
  return cost
}

export const bulk: Case = { id: 'ORM-14', title: 'many rows in one call', engines, measure }
