import { createRequire } from 'node:module'
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { Model } from './src/model/index.ts'
import { f } from './src/fields/f.ts'
import { hasMany } from './src/relations/has.ts'
import { belongsTo } from './src/relations/belongs-to.ts'
import { bind } from './src/binding.ts'
import { createTables } from './src/testing.ts'
import { rmSync } from 'node:fs'
const require = createRequire('/tmp/ormtree/packages/data/sqlite/package.json')
const Better = require('better-sqlite3')
class User extends Model('users', { id: f.id(), name: f.string(), email: f.string(), age: f.int(), active: f.bool(), posts: hasMany(() => Post) }) {}
class Post extends Model('posts', { id: f.id(), title: f.string(), body: f.text(), views: f.int(), draft: f.bool(), author: belongsTo(() => User) }) {}
rmSync('/tmp/e1-bench.db', { force: true })
const db = createDb(sqlite({ file: '/tmp/e1-bench.db' }))
const models = [User, Post] as never
await createTables(db, models)
bind(models, db)
await db.script(`with recursive n(i) as (select 1 union all select i+1 from n where i<50) insert into users select i,'name'||i,'e'||i||'@x.org',i,1 from n;
with recursive n(i) as (select 1 union all select i+1 from n where i<1000) insert into posts select i,'title'||i,'some body of text '||i,i,0,(i%50)+1 from n;`)
const raw = new Better('/tmp/e1-bench.db')
const s1 = raw.prepare('select id,name,email,age,active from users').raw()
const s2 = raw.prepare('select id,title,body,views,draft,author_id from posts where author_id in (select value from json_each(?))').raw()
class U { constructor(r){this.id=r[0];this.name=r[1];this.email=r[2];this.age=r[3];this.active=r[4]===1;this.posts=[]} }
class P { constructor(r){this.id=r[0];this.title=r[1];this.body=r[2];this.views=r[3];this.draft=r[4]===1;this.authorId=r[5]} }
async function floor() {
  const us = s1.all().map((r) => new U(r))
  const m = new Map(us.map((u) => [u.id, u]))
  for (const r of s2.all(JSON.stringify([...m.keys()]))) { const p = new P(r); m.get(p.authorId).posts.push(p) }
  return us
}
class U2 extends U { #r; #s; constructor(r,s){super(r);this.#r=r;this.#s=s} }
class P2 extends P { #r; #s; constructor(r,s){super(r);this.#r=r;this.#s=s} }
async function floorRow() {
  const set={}
  const us = s1.all().map((r) => new U2(r,set))
  const m = new Map(us.map((u) => [u.id, u]))
  for (const r of s2.all(JSON.stringify([...m.keys()]))) { const p = new P2(r,set); m.get(p.authorId).posts.push(p) }
  return us
}
async function floorDrv() {
  const us = (await db.execute({text:t1,params:[],rowMode:'text'})).rows.map((r) => new U(r))
  const m = new Map(us.map((u) => [u.id, u]))
  for (const r of (await db.execute({text:t2,params:[JSON.stringify([...m.keys()])],rowMode:'text'})).rows) { const p = new P(r); m.get(p.authorId).posts.push(p) }
  return us
}
async function floorBoth() {
  const set={}
  const us = (await db.execute({text:t1,params:[],rowMode:'text'})).rows.map((r) => new U2(r,set))
  const m = new Map(us.map((u) => [u.id, u]))
  for (const r of (await db.execute({text:t2,params:[JSON.stringify([...m.keys()])],rowMode:'text'})).rows) { const p = new P2(r,set); m.get(p.authorId).posts.push(p) }
  return us
}
async function orm() { return User.with('posts') }
globalThis.x=1;const t1='select id,name,email,age,active from users', t2='select id,title,body,views,draft,author_id from posts where author_id in (select value from json_each(?))'
const ids=JSON.stringify(Array.from({length:50},(_,i)=>i+1))
async function rawonly(){ s1.all(); return s2.all(ids) }
async function exec(){ await db.execute({text:t1,params:[],rowMode:'text'}); return db.execute({text:t2,params:[ids],rowMode:'text'}) }
const only=process.env.ONLY; const all = { rawonly, exec, floor, floorRow, floorDrv, floorBoth, orm, plain: async()=>{ await Promise.resolve(); const us=await User.query(); const ps=await Post.where('authorId','in',us.map(u=>u.id)); return us} }
const run: Record<string,()=>Promise<unknown>> = only ? Object.fromEntries(only.split(',').map(k=>[k,all[k]])) : all
const best: Record<string, number> = {}; const ratios: number[]=[]
for (let i = 0; i < 300; i++) for (const k in run) await run[k]()
for (let round = 0; round < 60; round++) {
  const cur: Record<string, number> = {}
  for (const k of round % 2 ? Object.keys(run) : Object.keys(run).reverse()) {
    const c = process.cpuUsage(); 
    for (let i = 0; i < 60; i++) await run[k]()
    const d = process.cpuUsage(c); cur[k] = (d.user + d.system) / 60
    best[k] = Math.min(best[k] ?? 1e9, cur[k])
  }
  ratios.push(cur.floor / cur.orm)
}
ratios.sort((a, b) => a - b)
console.log(best, 'ratio of mins', best.floor / best.orm, 'median ratio', ratios[30])
