import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { bind, f, Model } from '../src/index.ts'
import { encodeRows } from '../src/json/encode.ts'
import { jsonPlanOf } from '../src/json/plan.ts'
class Item extends Model('items', { id: f.int().primary(), title: f.text(), note: f.text().nullable(), views: f.int(), draft: f.bool(), created_at: f.datetime() }) {}
const db = createDb(sqlite({ file: ':memory:' }))
bind([Item], db)
await db.script('create table items (id integer primary key, title text, note text, views integer, draft integer, created_at text)')
for (let n = 1; n <= 1000; n++) await Item.create({ id: n, title: `Title number ${n} of the table`, note: n % 3 ? `A note that is a little longer, with a "quote" and é ${n}` : null, views: n * 7, draft: n % 2 === 1, created_at: new Date(1.7e12 + n * 12345678) })
async function best(times: number, work: () => unknown): Promise<string> { for (let k = 0; k < times * 20; k++) await work(); let min = Infinity; for (let r = 0; r < 150; r++) { const a = process.hrtime.bigint(); for (let k = 0; k < times; k++) await work(); min = Math.min(min, Number(process.hrtime.bigint() - a) / 1000 / times) } return min.toFixed(1) }
for (const n of [1, 10, 100, 1000]) {
  const query = Item.query().orderBy('id').limit(n)
  const chain = query.chain as never
  const values = (chain as { values(): unknown[] }).values()
  const plan = jsonPlanOf(chain, db, values)!
  const statement = { text: plan.text, params: plan.bind(values), rowMode: 'bytes' } as const
  const { rows } = await db.execute<never>(statement)
  const times = Math.max(2, 200 / n | 0)
  console.log(n, 'encode', await best(times, () => encodeRows(rows, plan.columns)), 'rows', await best(times, () => db.execute(statement)), 'json()', await best(times, () => query.json()), 'object path', await best(times, async () => Buffer.from(JSON.stringify(await query))), 'plain', await best(times, async () => { const { rows } = await db.execute<unknown[]>({ ...statement, rowMode: 'text' }); return Buffer.from(JSON.stringify(rows.map((r) => ({ id: r[0], title: r[1], note: r[2], views: r[3], draft: r[4] === 1, created_at: new Date(r[5] as string) })))) }))
}
