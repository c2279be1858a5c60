import type { Database } from '@covet/db'
import { f, Model } from '@covet/orm'
import type { Engine } from './engine.ts'

export class Sample extends Model('samples', { id: f.id(), title: f.string(), place: f.int(), rating: f.float() }) {}

const numbers: Readonly<Record<Engine, (count: number) => string>> = {
  sqlite: (count) =>
    `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < ${count - 1}) select n from numbers`,
  postgres: (count) => `select n from generate_series(0, ${count - 1}) as numbers (n)`,
  mariadb: (count) => `select seq as n from seq_0_to_${count - 1}`,
}

/** Without knowing how many rows there are, a server sorts them all for the first ten. */
const analyze: Readonly<Record<Engine, string>> = { sqlite: 'analyze', postgres: 'analyze samples', mariadb: 'analyze table samples' }

/** `place` counts from 0 in the order of the ids. */
export async function fillSamples(db: Database, engine: Engine, count: number): Promise<void> {
  const title = engine === 'mariadb' ? `concat('sample ', n)` : `'sample ' || n`
  // SQL-04 -- words and numbers of the benchmark
  await db.script(`insert into samples (title, place, rating) select ${title}, n, n / 4.0 from (${numbers[engine](count)}) as t order by n`)
  await db.script(analyze[engine]) // SQL-04 -- one of three literals
}
