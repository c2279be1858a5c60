import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { bind, f, Model } from '@covet/orm'
class T extends Model('t', { id: f.id(), a: f.string(), b: f.int().default(0), c: f.string().nullable() }) {}
const db = createDb(sqlite({ file: ':memory:' }))
await db.script('create table t (id integer primary key, a text, b integer, c text)')
bind([T], db)
const one = async (n: number) => { const t = process.hrtime.bigint(); await db.transaction(async () => { for (let i = 0; i < n; i += 1) await T.create({ a: 'x' }) }); return Number(process.hrtime.bigint() - t) / n }
for (const n of [500, 500, 500, 1000, 500, 1000, 20000, 20000]) console.log(n, Math.round(await one(n)), 'ns/create')
const big: number[] = []; for (let i=0;i<60;i++) big.push(await one(1000)); console.log('median 1000:', Math.round(big.sort((a,b)=>a-b)[30]!))
await db.close()
