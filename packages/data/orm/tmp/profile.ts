import { createDb } from '@covet/db'
import { postgres } from '@covet/postgres'
import { service } from '@covet-workspace/tooling/services'
import { bind, f, Model } from '../src/index.ts'
import { encodeRows } from '../src/json/encode.ts'
import { jsonPlanOf } from '../src/json/plan.ts'
class Item extends Model('items', { id: f.int().primary(), title: f.text(), note: f.text().nullable(), views: f.int(), draft: f.bool(), created_at: f.datetime() }) {}
const space = await service('postgres')
const db = createDb(postgres({ url: space.url, pool: { max: 8 } }))
bind([Item], db)
await db.script(`create table items (id int primary key, title text not null, note text, views int not null, draft bool not null, created_at timestamptz(3) not null);
insert into items select n, 'Title number ' || n || ' of the table', case when n % 3 = 0 then null else 'A note that is a little longer, with a "quote" and é ' || n end, n * 7, n % 2 = 0, timestamptz '2024-01-01 00:00:00.123+00' + n * interval '12345.678 seconds' from generate_series(1, 1000) n`)
const time = async (name: string, times: number, work: () => unknown): Promise<void> => {
  for (let i = 0; i < times; i++) await work()
  let min = Infinity
  for (let r = 0; r < 60; r++) { const k = Math.max(2, times / 20 | 0); const a = process.hrtime.bigint(); for (let i = 0; i < k; i++) await work(); min = Math.min(min, Number(process.hrtime.bigint() - a) / 1000 / k) }
  console.log(name, min.toFixed(1))
}
for (const n of [1, 10, 100, 1000]) {
  const query = Item.query().orderBy('id').limit(n)
  const chain = query.chain as never
  const values = (chain as { values(): unknown[] }).values()
  const plan = jsonPlanOf(chain, db, values)!
  const statement = { text: plan.text, params: plan.bind(values), rowMode: 'bytes' } as const
  const { rows } = await db.execute<never>(statement)
  const times = Math.max(100, 20000 / n)
  await time(`${n} encode (${rows.length} runs)`, times, () => encodeRows(rows, plan.columns))
  await time(`${n} db bytes`, times / 4, () => db.execute(statement))
  await time(`${n} db text`, times / 4, () => db.execute({ ...statement, rowMode: 'text' }))
  await time(`${n} json()`, times / 4, () => query.json())
  await time(`${n} stringify`, times / 4, async () => Buffer.from(JSON.stringify(await query)))
}
await db.close()
await space.drop()
process.exit(0)
